import type { Expression, Path } from './tree.ts';

/** What an expression reads, in the order in which it is written. */
export function referencesOf(expression: Expression): Path[] {
  switch (expression.kind) {
    case 'literal':
      return [];
    case 'path':
      return [expression];
    case 'list':
      return expression.items.flatMap(referencesOf);
    case 'member':
      return [...referencesOf(expression.of), ...referencesOf(expression.key)];
    case 'unary':
      return referencesOf(expression.operand);
    case 'binary':
      return [...referencesOf(expression.left), ...referencesOf(expression.right)];
    case 'call':
      return expression.args.flatMap(referencesOf);
  }
}
