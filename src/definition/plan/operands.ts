import type { Flaw } from '../expression/flaw.ts';
import type { Expression, Literal } from '../expression/tree.ts';
import { type Known, knownOf, mayBe, type SchemaOfPath, typesInWords } from './known.ts';

/** The parts of one expression: what is known of them, how they are called, and where they are. */
export class Operands {
  readonly #source: string;
  readonly #schemaOf: SchemaOfPath;

  constructor(source: string, schemaOf: SchemaOfPath) {
    this.#source = source;
    this.#schemaOf = schemaOf;
  }

  known(expression: Expression): Known | undefined {
    return knownOf(expression, this.#schemaOf);
  }

  /** What it is, in words. */
  is(expression: Expression, { types }: Known): string {
    return `${this.nameOf(expression)} is ${typesInWords(types)}`;
  }

  nameOf(expression: Expression): string {
    if (expression.kind === 'literal') return JSON.stringify(expression.value);
    if (expression.kind === 'path')
      return this.#source.slice(expression.at, expression.at + expression.length);
    return expression.kind === 'call' ? `what ${expression.name} gives` : 'this';
  }

  /** A text as it would be written here: in the quotes that the expression has. */
  quoted(text: string): string {
    return this.#source.includes('"') ? JSON.stringify(text) : `'${text}'`;
  }

  /** What is wrong with a value that would be right with quotes, or without them: that is said, where it is so. */
  unlike(literal: Literal, known: Known, message: string): Flaw {
    const { value } = literal;
    if (typeof value !== 'string') {
      const quoted = value !== null && mayBe(known, 'string') ? this.quoted(String(value)) : undefined;
      return this.flaw(literal, message, quoted);
    }
    const plain = /^-?\d+(\.\d+)?$/.test(value) ? 'number' : /^(true|false)$/.test(value) ? 'boolean' : '';
    return this.flaw(literal, mayBe(known, plain) ? `${message}; write ${value} without quotes` : message);
  }

  /** What is wrong with a part, at its place. */
  flaw(expression: Expression, message: string, suggestion?: string): Flaw {
    return { ...(placeOf(expression) ?? { at: 0, length: this.#source.length }), message, suggestion };
  }
}

export function isLiteral(expression: Expression): expression is Literal {
  return expression.kind === 'literal';
}

type Place = Pick<Flaw, 'at' | 'length'>;

/** Where it is, or the first part of it that has a place. */
function placeOf(expression: Expression): Place | undefined {
  switch (expression.kind) {
    case 'literal':
    case 'path':
      return { at: expression.at, length: expression.length };
    case 'list':
      return firstPlace(expression.items);
    case 'call':
      return firstPlace(expression.args);
    case 'member':
      return firstPlace([expression.of, expression.key]);
    case 'unary':
      return placeOf(expression.operand);
    case 'binary':
      return firstPlace([expression.left, expression.right]);
  }
}

function firstPlace(parts: readonly Expression[]): Place | undefined {
  for (const part of parts) {
    const place = placeOf(part);
    if (place !== undefined) return place;
  }
  return undefined;
}
