import type { Expression } from '../expression/tree.ts';

/** What a step's input is made of. */
export type Mapping =
  | { readonly kind: 'literal'; readonly value: unknown }
  | ({ readonly kind: 'value' } & MappedExpression)
  | { readonly kind: 'template'; readonly parts: readonly TemplatePart[] }
  | { readonly kind: 'list'; readonly items: readonly Mapping[] }
  | { readonly kind: 'record'; readonly entries: readonly (readonly [string, Mapping])[] };

/** A text as it is, or an expression between `{{` and `}}`. */
export type TemplatePart = string | MappedExpression;

/** An expression in a text. */
export interface MappedExpression {
  readonly expression: Expression;
  /** As it is written. */
  readonly source: string;
  /** Where it begins in the text. */
  readonly at: number;
}
