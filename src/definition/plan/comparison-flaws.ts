import { suggest } from '../../problems/suggest.ts';
import { isEqual } from '../expression/equal.ts';
import type { Flaw } from '../expression/flaw.ts';
import type { Expression, Literal } from '../expression/tree.ts';
import { type Known, mayBe, typesInWords } from './known.ts';
import { isLiteral, type Operands } from './operands.ts';

/** What is wrong with comparing two values that are never equal. */
export function equalityFlaws(left: Expression, right: Expression, operands: Operands): Flaw[] {
  const [a, b] = [operands.known(left), operands.known(right)];
  if (a === undefined || b === undefined || canBeEqual(a, b)) return [];
  if (isLiteral(right)) return [neverFlaw(right, operands.nameOf(left), a, operands)];
  if (isLiteral(left)) return [neverFlaw(left, operands.nameOf(right), b, operands)];
  const message = `${operands.is(left, a)}, and ${operands.is(right, b)}: they are never equal`;
  return [operands.flaw(right, message)];
}

/** A value that something cannot be. */
export function neverFlaw(literal: Literal, name: string, known: Known, operands: Operands): Flaw {
  const { value } = literal;
  if (value === null) {
    const message = `${name} is never null; whether it is there is asked with exists(${name})`;
    return operands.flaw(literal, message);
  }
  const written = JSON.stringify(value);
  const { values, types } = known;
  if (values === undefined || !mayBe(known, typeof value)) {
    const message = `${name} is ${typesInWords(types)}, and never ${written}`;
    return operands.unlike(literal, known, message);
  }
  const said = values.map((one) => JSON.stringify(one)).join(', ');
  const meant = typeof value === 'string' ? suggest(value, values.map(String)) : undefined;
  const message = `${name} is never ${written}, but one of ${said}`;
  return operands.flaw(literal, message, meant && operands.quoted(meant));
}

/** What is wrong with asking which of two values is greater: only two numbers or two texts have an order. */
export function orderFlaws(left: Expression, right: Expression, operands: Operands): Flaw[] {
  const flaws = [left, right].flatMap((side) => {
    const known = operands.known(side);
    if (known === undefined || ordered.some((type) => mayBe(known, type))) return [];
    return [operands.flaw(side, `only numbers and texts have an order, and ${operands.is(side, known)}`)];
  });
  const [a, b] = [operands.known(left), operands.known(right)];
  if (flaws.length > 0 || a === undefined || b === undefined) return flaws;
  if (ordered.some((type) => mayBe(a, type) && mayBe(b, type))) return [];
  const [side, known, other, of] = isLiteral(left) ? [left, a, right, b] : [right, b, left, a];
  const message = `${operands.is(other, of)}, and ${operands.is(side, known)}: they have no order`;
  return [isLiteral(side) ? operands.unlike(side, of, message) : operands.flaw(side, message)];
}

const ordered = ['number', 'string'];

/** Whether two values can be the same data. */
export function canBeEqual(a: Known, b: Known): boolean {
  if (a.values !== undefined && b.values !== undefined)
    return a.values.some((one) => b.values?.some((other) => isEqual(one, other)));
  return isAmong(a.values, b) && isAmong(b.values, a) && a.types.some((type) => mayBe(b, type));
}

/** Whether one of the values can be that: a fraction is no whole number. */
function isAmong(values: readonly unknown[] | undefined, { types }: Known): boolean {
  if (values === undefined || types.includes('number') || !types.includes('integer')) return true;
  return values.some((value) => typeof value !== 'number' || Number.isInteger(value));
}
