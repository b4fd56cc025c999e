import { isEqual } from './equal.ts';
import { functions, isIn } from './functions.ts';
import { readPath, readProperty } from './read-property.ts';
import type { Binary, BinaryOperator, Expression, Unary } from './tree.ts';

/** What `$` stands for: `input`, `steps` and so on. */
export type Roots = Readonly<Record<string, unknown>>;

/**
 * What an expression is worth. Never throws, and changes nothing.
 *
 * What is missing is `undefined`, and so is all that is made of it, but for `exists`, `default` and an `&&` or `||` that the
 * other side decides.
 *
 * @param roots what `$` stands for
 */
export function evaluate(expression: Expression, roots: Roots): unknown {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'list':
      return expression.items.map((item) => evaluate(item, roots));
    case 'path':
      return readPath(roots, expression.keys);
    case 'member':
      return readProperty(evaluate(expression.of, roots), evaluate(expression.key, roots));
    case 'unary':
      return unary(expression, roots);
    case 'binary':
      return binary(expression, roots);
    case 'call': {
      const [a, b] = expression.args.map((arg) => evaluate(arg, roots));
      return functions[expression.name](a, b);
    }
  }
}

/** Whether a condition holds: not if what it is worth is missing, `null`, `false`, 0 or an empty text. */
export function holds(condition: Expression, roots: Roots): boolean {
  return Boolean(evaluate(condition, roots));
}

function unary({ operator, operand }: Unary, roots: Roots): unknown {
  const value = evaluate(operand, roots);
  if (value === undefined) return undefined;
  if (operator === '!') return !value;
  if (typeof value !== 'number') return undefined;
  return operator === '-' ? -value : value;
}

function binary({ operator, left, right }: Binary, roots: Roots): unknown {
  const a = evaluate(left, roots);
  if (operator === '&&') return both(a, () => evaluate(right, roots));
  if (operator === '||') return a ? a : either(a, evaluate(right, roots));
  const b = evaluate(right, roots);
  return a === undefined || b === undefined ? undefined : combine(operator, a, b);
}

/** A side that does not hold decides, even where the other is missing. */
function both(a: unknown, right: () => unknown): unknown {
  if (a !== undefined && !a) return a;
  const b = right();
  return a === undefined && b ? undefined : b;
}

/** The right side, where the left does not hold; missing where only what is missing could have held. */
function either(a: unknown, b: unknown): unknown {
  return a === undefined && !b ? undefined : b;
}

type Combining = Exclude<BinaryOperator, '&&' | '||'>;

function combine(operator: Combining, a: unknown, b: unknown): unknown {
  switch (operator) {
    case '==':
    case '===':
      return isEqual(a, b);
    case '!=':
    case '!==':
      return !isEqual(a, b);
    case 'in':
      return isIn(a, b);
    case '+':
      return sum(a, b);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return ordered(operator, a, b);
    default:
      return typeof a === 'number' && typeof b === 'number' ? finite(calculate(operator, a, b)) : undefined;
  }
}

function sum(a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') return finite(a + b);
  if (typeof a === 'string' && isWord(b)) return a + String(b);
  return typeof b === 'string' && isWord(a) ? String(a) + b : undefined;
}

function isWord(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** Only two numbers or two texts have an order. */
function ordered(operator: '<' | '<=' | '>' | '>=', a: unknown, b: unknown): boolean | undefined {
  if (typeof a === 'number' && typeof b === 'number')
    return compare(operator, a - b || (a === b ? 0 : Number.NaN));
  if (typeof a !== 'string' || typeof b !== 'string') return undefined;
  return compare(operator, a < b ? -1 : a > b ? 1 : 0);
}

function compare(operator: '<' | '<=' | '>' | '>=', difference: number): boolean {
  if (operator === '<') return difference < 0;
  if (operator === '<=') return difference <= 0;
  return operator === '>' ? difference > 0 : difference >= 0;
}

function calculate(operator: '-' | '*' | '/' | '%', a: number, b: number): number {
  if (operator === '-') return a - b;
  if (operator === '*') return a * b;
  return operator === '/' ? a / b : a % b;
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
