import type { Expression } from '../expression/tree.ts';

/** What a step's input is made of. */
export type Mapping =
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'value'; readonly expression: Expression; readonly at: number }
  | { readonly kind: 'template'; readonly parts: readonly TemplatePart[] }
  | { readonly kind: 'list'; readonly items: readonly Mapping[] }
  | { readonly kind: 'record'; readonly entries: readonly (readonly [string, Mapping])[] };

/** A text as it is, or an expression between `{{` and `}}`, with where it begins in the template. */
export type TemplatePart = string | { readonly expression: Expression; readonly at: number };
