import jsep from 'jsep';
import { suggest } from '../../problems/suggest.ts';
import { isUnsafeName } from '../unsafe-name.ts';
import { type Flaw, FlawFound } from './flaw.ts';
import { checkPattern } from './pattern.ts';
import { maxDepth, type Scanned, type ScannedLiteral, scan } from './scan.ts';
import {
  arity,
  type BinaryOperator,
  binaryOperators,
  type Expression,
  type FunctionName,
  functionNames,
  type Literal,
  type PathKey,
  type UnaryOperator,
  unaryOperators,
} from './tree.ts';

/** An expression, or what is wrong with it. */
export type Parsed =
  | { readonly expression: Expression; readonly flaw?: undefined }
  | { readonly flaw: Flaw; readonly expression?: undefined };

/**
 * Reads an expression such as `$.steps.moderate.output.approved == true && len($.input.text) < 500`.
 *
 * It can only read properties, compare, count and call the functions of a short list; whatever else is written is a flaw.
 */
export function parseExpression(source: string): Parsed {
  try {
    const scanned = scan(source);
    return { expression: new Reading(source, scanned).expression(parseText(source, scanned), 0) };
  } catch (thrown) {
    if (thrown instanceof FlawFound) return { flaw: thrown.flaw };
    throw thrown;
  }
}

/** What people write in other languages. */
const otherWords: Readonly<Record<string, string>> = {
  and: '&&',
  or: '||',
  not: '!',
  is: '==',
  True: 'true',
  False: 'false',
  None: 'null',
  undefined: 'null',
};

/** The parser's list of operators is one for the whole process, so `in` is on it only while we parse. */
function parseText(source: string, { text, words, originOf }: Scanned): jsep.Expression {
  const had = Object.hasOwn(jsep.binary_ops, 'in');
  if (!had) jsep.addBinaryOp('in', 7);
  try {
    return jsep(text);
  } catch (error) {
    const at = originOf(indexOf(error, text.length));
    if (/^[^=!<>]?=(?!=)/.test(source.slice(Math.max(0, at - 1), at + 2)) && source[at] === '=')
      throw new FlawFound('a comparison is written ==', at, 1, '==');
    const foreign = [...words].find(([word]) => Object.hasOwn(otherWords, word));
    if (foreign !== undefined) throw foreignWord(...foreign);
    throw new FlawFound(`it cannot be read: ${textOf(error)}`, at, at < source.length ? 1 : 0);
  } finally {
    if (!had) jsep.removeBinaryOp('in');
  }
}

const noTernary = 'there is no ? : in an expression; use two steps, each with a condition, or default(x, y)';

/** Where the first `?` outside quotes is. */
function questionAt(source: string): number {
  return source
    .replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, (quoted) => '_'.repeat(quoted.length))
    .indexOf('?');
}

function foreignWord(word: string, at: number): FlawFound {
  const meant = otherWords[word];
  return new FlawFound(`there is no ${word} in an expression`, at, word.length, meant);
}

function indexOf(error: unknown, otherwise: number): number {
  const index: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'index') : undefined;
  return typeof index === 'number' ? index : otherwise;
}

function textOf(error: unknown): string {
  const words: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'description') : undefined;
  return typeof words === 'string' ? words.replace(/^./, (first) => first.toLowerCase()) : 'it has an error';
}

/** Turns what the parser found into what we evaluate, and refuses the rest. */
class Reading {
  readonly #source: string;
  readonly #scanned: Scanned;
  #roots = 0;
  #literals = 0;

  constructor(source: string, scanned: Scanned) {
    this.#source = source;
    this.#scanned = scanned;
  }

  expression(node: jsep.Expression, depth: number): Expression {
    if (depth > maxDepth) throw this.#wrong(`an expression is at most ${maxDepth} deep`);
    switch (node.type) {
      case 'Literal':
        return this.#literal(node as jsep.Literal);
      case 'ArrayExpression':
        return { kind: 'list', items: this.#all((node as jsep.ArrayExpression).elements, depth) };
      case 'Identifier':
        throw this.#bareName((node as jsep.Identifier).name);
      case 'MemberExpression':
        return this.#member(node as jsep.MemberExpression, depth);
      case 'UnaryExpression':
        return this.#unary(node as jsep.UnaryExpression, depth);
      case 'BinaryExpression':
        return this.#binary(node as jsep.BinaryExpression, depth);
      case 'CallExpression':
        return this.#call(node as jsep.CallExpression, depth);
      case 'Compound':
        throw this.#compound(node as jsep.Compound);
      case 'ConditionalExpression':
        throw new FlawFound(noTernary, Math.max(0, questionAt(this.#source)), 1);
      default:
        throw this.#wrong('only reading, comparing, counting and calling listed functions is possible');
    }
  }

  #all(nodes: readonly (jsep.Expression | null)[], depth: number): Expression[] {
    return nodes.map((node) => {
      if (node === null) throw this.#wrong('a list has an empty place');
      return this.expression(node, depth + 1);
    });
  }

  #literal({ value, raw }: jsep.Literal): Expression {
    if (typeof value === 'number' && !Number.isFinite(value)) throw this.#wrong(`${raw} is too large`);
    if (value !== null && !['string', 'number', 'boolean'].includes(typeof value))
      throw this.#wrong(`${raw} is not a text, a number, true, false or null`);
    return { kind: 'literal', value: value as string, ...this.#placeOf(raw) };
  }

  /** Where the next value is that is written so: the tree is walked in the order of the text. */
  #placeOf(raw: string): Pick<Literal, 'at' | 'length'> {
    const { literals } = this.#scanned;
    const index = literals.findIndex((one, i) => i >= this.#literals && one.raw === raw);
    if (index < 0) return { at: 0, length: this.#source.length };
    this.#literals = index + 1;
    const { at, length } = literals[index] as ScannedLiteral;
    return { at, length };
  }

  /** A chain of members, from the outside in; the parser's tree is as deep as the chain is long. */
  #member(node: jsep.MemberExpression, depth: number): Expression {
    const links: jsep.MemberExpression[] = [];
    let object: jsep.Expression = node;
    while (object.type === 'MemberExpression') {
      links.unshift(object as jsep.MemberExpression);
      object = (object as jsep.MemberExpression).object;
    }
    const fromRoot = object.type === 'Identifier' && (object as jsep.Identifier).name === '$';
    if (!fromRoot) throw this.#notFromRoot(object);
    const at = this.#scanned.roots[this.#roots++] ?? 0;
    return this.#links(links, at, depth);
  }

  #links(links: readonly jsep.MemberExpression[], at: number, depth: number): Expression {
    const keys: PathKey[] = [];
    let of: Expression | undefined;
    for (const { computed, property } of links) {
      const key: Expression = computed
        ? this.expression(property, depth + 1)
        : { kind: 'literal', value: (property as jsep.Identifier).name, at, length: 0 };
      if (key.kind === 'literal') this.#checkKey(key.value, at);
      if (of === undefined && key.kind === 'literal') keys.push(key.value as PathKey);
      else of = { kind: 'member', of: of ?? this.#path(keys, at), key };
    }
    return of ?? this.#path(keys, at);
  }

  #path(keys: readonly PathKey[], at: number): Expression {
    return { kind: 'path', keys: [...keys], at, length: pathLength(this.#source, at) };
  }

  #checkKey(key: unknown, at: number): void {
    if (typeof key === 'number' && Number.isInteger(key) && key >= 0) return;
    if (typeof key !== 'string')
      throw new FlawFound(
        `[${String(key)}] is neither a name nor a position`,
        at,
        pathLength(this.#source, at),
      );
    if (isUnsafeName(key)) throw new FlawFound(`${key} cannot be read`, at, pathLength(this.#source, at));
  }

  #unary({ operator, argument }: jsep.UnaryExpression, depth: number): Expression {
    if (!isOneOf(unaryOperators, operator)) throw this.#operator(operator);
    return {
      kind: 'unary',
      operator: operator as UnaryOperator,
      operand: this.expression(argument, depth + 1),
    };
  }

  #binary({ operator, left, right }: jsep.BinaryExpression, depth: number): Expression {
    if (!isOneOf(binaryOperators, operator)) throw this.#operator(operator);
    return {
      kind: 'binary',
      operator: operator as BinaryOperator,
      left: this.expression(left, depth + 1),
      right: this.expression(right, depth + 1),
    };
  }

  #call({ callee, arguments: given }: jsep.CallExpression, depth: number): Expression {
    if (callee.type !== 'Identifier')
      throw this.#wrong('values have no functions; write len(x), contains(x, y) and so on');
    const { name } = callee as jsep.Identifier;
    const at = this.#scanned.words.get(name) ?? 0;
    if (!isOneOf(functionNames, name))
      throw new FlawFound(
        `there is no function ${name}; there are ${functionNames.join(', ')}`,
        at,
        name.length,
        suggest(name, functionNames),
      );
    const wanted = arity[name as FunctionName];
    if (given.length !== wanted)
      throw new FlawFound(
        `${name} takes ${wanted === 1 ? '1 argument' : `${wanted} arguments`}, not ${given.length}`,
        at,
        name.length,
      );
    const args = this.#all(given, depth);
    const pattern = name === 'matches' ? args[1] : undefined;
    if (pattern?.kind === 'literal') this.#checkPattern(pattern.value, at);
    return { kind: 'call', name: name as FunctionName, args };
  }

  #checkPattern(pattern: unknown, at: number): void {
    const wrong =
      typeof pattern === 'string' ? checkPattern(pattern) : 'a pattern is a text, as in matches(x, "^a+$")';
    if (wrong !== undefined) throw new FlawFound(wrong, at, 'matches'.length);
  }

  #bareName(name: string): FlawFound {
    const at = this.#scanned.words.get(name) ?? this.#source.indexOf(name);
    if (name === '$') return new FlawFound('$ alone is nothing; write $.input or $.steps', at, 1, '$.input');
    if (Object.hasOwn(otherWords, name)) return foreignWord(name, at);
    return new FlawFound(
      `${name} is not a value: a text is written in quotes, and what is read begins with $.input or $.steps`,
      at,
      name.length,
    );
  }

  #notFromRoot(object: jsep.Expression): FlawFound {
    if (object.type !== 'Identifier') return this.#wrong('only what begins with $ has properties to read');
    const { name } = object as jsep.Identifier;
    const at = this.#scanned.words.get(name) ?? 0;
    return new FlawFound('what is read begins with $', at, name.length, `$.${name}`);
  }

  #operator(operator: string): FlawFound {
    const at = Math.max(0, this.#source.indexOf(operator));
    const meant = operator === '&' ? '&&' : operator === '|' || operator === '??' ? '||' : undefined;
    return new FlawFound(`there is no operator ${operator}`, at, operator.length, meant);
  }

  #compound({ body }: jsep.Compound): FlawFound {
    if (body.length === 0) return new FlawFound('it is empty', 0, 0);
    const foreign = [...this.#scanned.words].find(([word]) => Object.hasOwn(otherWords, word));
    return foreign === undefined
      ? this.#wrong('it is more than one expression; join them with && or ||')
      : foreignWord(...foreign);
  }

  #wrong(message: string): FlawFound {
    return new FlawFound(message, 0, this.#source.length);
  }
}

const path = /\$(?:\s*\.\s*[\p{L}\p{N}_-]+|\s*\[\s*(?:'[^']*'|"[^"]*"|\d+)\s*\])*/uy;

/** How long a path is that begins at a place. */
function pathLength(source: string, at: number): number {
  path.lastIndex = at;
  return path.exec(source)?.[0].length ?? 1;
}

function isOneOf(list: readonly string[], name: string): boolean {
  return list.includes(name);
}
