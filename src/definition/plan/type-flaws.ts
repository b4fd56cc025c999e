import type { Flaw } from '../expression/flaw.ts';
import type { Binary, Call, Expression, FunctionName } from '../expression/tree.ts';
import { equalityFlaws, orderFlaws } from './comparison-flaws.ts';
import { mayBe, type SchemaOfPath, typesInWords } from './known.ts';
import { membershipFlaws } from './membership-flaws.ts';
import { isLiteral, Operands } from './operands.ts';

/**
 * What can never mean anything in an expression, by the types of what it reads: a number compared with a text, a value that
 * is not one of those there are, a function that is given what it does not take.
 *
 * @param source its text
 * @param schemaOf the schema of a path that it reads, where it is known
 */
export function typeFlaws(expression: Expression, source: string, schemaOf: SchemaOfPath): Flaw[] {
  return flawsOf(expression, new Operands(source, schemaOf));
}

function flawsOf(expression: Expression, operands: Operands): Flaw[] {
  const inside = (parts: readonly Expression[]): Flaw[] => parts.flatMap((part) => flawsOf(part, operands));
  switch (expression.kind) {
    case 'literal':
    case 'path':
      return [];
    case 'list':
      return inside(expression.items);
    case 'member':
      return inside([expression.of, expression.key]);
    case 'unary': {
      const { operator, operand } = expression;
      const wrong = operator === '!' ? [] : takes(operator, operand, ['number'], operands);
      return [...inside([operand]), ...wrong];
    }
    case 'binary':
      return [...inside([expression.left, expression.right]), ...ofBinary(expression, operands)];
    case 'call':
      return [...inside(expression.args), ...ofCall(expression, operands)];
  }
}

function ofBinary({ operator, left, right }: Binary, operands: Operands): Flaw[] {
  switch (operator) {
    case '&&':
    case '||':
      return [];
    case '==':
    case '===':
      return equalityFlaws(left, right, operands);
    case '!=':
    case '!==':
      // What is not null is there: a way to ask for that.
      return [left, right].some((side) => isLiteral(side) && side.value === null)
        ? []
        : equalityFlaws(left, right, operands);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return orderFlaws(left, right, operands);
    case 'in':
      return membershipFlaws(left, right, operands);
    case '+':
      return ofSum(left, right, operands);
    default:
      return [left, right].flatMap((side) => takes(operator, side, ['number'], operands));
  }
}

function ofSum(left: Expression, right: Expression, operands: Operands): Flaw[] {
  const words = ['number', 'string', 'boolean'];
  const flaws = [left, right].flatMap((side) => takes('+', side, words, operands));
  const [a, b] = [operands.known(left), operands.known(right)];
  if (flaws.length > 0 || a === undefined || b === undefined) return flaws;
  if (mayBe(a, 'string') || mayBe(b, 'string') || (mayBe(a, 'number') && mayBe(b, 'number'))) return [];
  const message = `${operands.is(left, a)}, and ${operands.is(right, b)}: they cannot be added`;
  return [operands.flaw(right, message)];
}

/** What all arguments of a function are. */
const taken: Readonly<Partial<Record<FunctionName, readonly string[]>>> = {
  len: ['string', 'array', 'object'],
  startsWith: ['string'],
  endsWith: ['string'],
  lower: ['string'],
  upper: ['string'],
  matches: ['string'],
};

function ofCall({ name, args }: Call, operands: Operands): Flaw[] {
  const [first, second] = args;
  if (name === 'contains' && first !== undefined && second !== undefined)
    return membershipFlaws(second, first, operands);
  const types = taken[name];
  return types === undefined ? [] : args.flatMap((arg) => takes(name, arg, types, operands));
}

/** An operator or a function takes values of some types only. */
function takes(what: string, given: Expression, types: readonly string[], operands: Operands): Flaw[] {
  const known = operands.known(given);
  if (known === undefined || types.some((type) => mayBe(known, type))) return [];
  return [operands.flaw(given, `${what} takes ${typesInWords(types)}, and ${operands.is(given, known)}`)];
}
