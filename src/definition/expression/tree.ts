/** A part of an expression, with where it begins in the text, from 0. */
export type Expression = Literal | List | Path | Member | Unary | Binary | Call;

export interface Literal {
  readonly kind: 'literal';
  readonly value: string | number | boolean | null;
  readonly at: number;
  readonly length: number;
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly Expression[];
}

/** `$.steps.analyze.output.score`: what is read is known before anything runs. */
export interface Path {
  readonly kind: 'path';
  /** `steps`, `analyze`, `output`, `score`; there is at least one. */
  readonly keys: readonly PathKey[];
  readonly at: number;
  readonly length: number;
}

/** A property's name, or a position in a list. */
export type PathKey = string | number;

/** `$.input.prices[$.index]`: the key is known in a run only. */
export interface Member {
  readonly kind: 'member';
  readonly of: Expression;
  readonly key: Expression;
}

export interface Unary {
  readonly kind: 'unary';
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}

export interface Binary {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Call {
  readonly kind: 'call';
  readonly name: FunctionName;
  readonly args: readonly Expression[];
}

export const unaryOperators = ['!', '-', '+'] as const;
export type UnaryOperator = (typeof unaryOperators)[number];

export const binaryOperators = [
  '||',
  '&&',
  '==',
  '!=',
  '===',
  '!==',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  '+',
  '-',
  '*',
  '/',
  '%',
] as const;
export type BinaryOperator = (typeof binaryOperators)[number];

export const functionNames = [
  'len',
  'contains',
  'startsWith',
  'endsWith',
  'lower',
  'upper',
  'matches',
  'exists',
  'default',
] as const;
export type FunctionName = (typeof functionNames)[number];

/** How many arguments each function takes. */
export const arity: Readonly<Record<FunctionName, number>> = {
  len: 1,
  contains: 2,
  startsWith: 2,
  endsWith: 2,
  lower: 1,
  upper: 1,
  matches: 2,
  exists: 1,
  default: 2,
};
