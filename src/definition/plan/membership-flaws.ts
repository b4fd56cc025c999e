import { suggest } from '../../problems/suggest.ts';
import type { Flaw } from '../expression/flaw.ts';
import type { Expression } from '../expression/tree.ts';
import { canBeEqual, equalityFlaws, neverFlaw } from './comparison-flaws.ts';
import { type Known, knownBy, mayBe, typesInWords } from './known.ts';
import { isLiteral, type Operands } from './operands.ts';
import { asSchema } from './schema-path.ts';

/** What is wrong with looking for a value in another: a text has parts, a list has items, and a record has names. */
export function membershipFlaws(part: Expression, whole: Expression, operands: Operands): Flaw[] {
  if (whole.kind === 'list') return whole.items.flatMap((item) => equalityFlaws(part, item, operands));
  const [a, b] = [operands.known(part), operands.known(whole)];
  if (b === undefined) return [];
  const holders = ['string', 'array', 'object'].filter((type) => mayBe(b, type));
  if (holders.length === 0) return [operands.flaw(whole, `nothing is in it: ${operands.is(whole, b)}`)];
  if (a === undefined || holders.length > 1) return [];
  if (holders.includes('array')) return itemFlaws(part, a, whole, b, operands);
  if (mayBe(a, 'string')) return holders.includes('object') ? nameFlaws(part, whole, b, operands) : [];
  const said = holders.includes('string') ? 'parts of a text are texts' : 'names in a record are texts';
  return [operands.flaw(part, `${said}, and ${operands.is(part, a)}`)];
}

function itemFlaws(
  part: Expression,
  known: Known,
  whole: Expression,
  { schema }: Known,
  operands: Operands,
): Flaw[] {
  const items = knownBy(asSchema(schema?.items));
  if (items === undefined || schema?.prefixItems !== undefined || canBeEqual(known, items)) return [];
  const item = `an item of ${operands.nameOf(whole)}`;
  if (isLiteral(part)) return [neverFlaw(part, item, items, operands)];
  const message = `${item} is ${typesInWords(items.types)}, and ${operands.is(part, known)}: they are never equal`;
  return [operands.flaw(part, message)];
}

/** A name that a record cannot have. */
function nameFlaws(part: Expression, whole: Expression, { schema }: Known, operands: Operands): Flaw[] {
  const names = Object.keys(asSchema(schema?.properties) ?? {});
  const closed = schema?.additionalProperties === false && schema.patternProperties === undefined;
  if (!isLiteral(part) || !closed || names.includes(String(part.value))) return [];
  const meant = suggest(String(part.value), names);
  const known = meant === undefined && names.length > 0 ? `; it has ${names.slice(0, 12).join(', ')}` : '';
  const message = `${operands.nameOf(whole)} has no ${String(part.value)}${known}`;
  return [operands.flaw(part, message, meant && operands.quoted(meant))];
}
