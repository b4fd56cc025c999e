import type { PathKey } from '../expression/tree.ts';
import type { MappedExpression, Mapping } from './tree.ts';

/** An expression that a mapping holds, and in which part of it. */
export interface PlacedExpression extends MappedExpression {
  readonly path: readonly PathKey[];
}

/** All expressions of a mapping, in the order in which they are written. */
export function mappingExpressions(mapping: Mapping, path: readonly PathKey[] = []): PlacedExpression[] {
  switch (mapping.kind) {
    case 'literal':
      return [];
    case 'value': {
      const { expression, source, at } = mapping;
      return [{ path, expression, source, at }];
    }
    case 'template':
      return mapping.parts.flatMap((part) => (typeof part === 'string' ? [] : [{ path, ...part }]));
    case 'list':
      return mapping.items.flatMap((item, i) => mappingExpressions(item, [...path, i]));
    case 'record':
      return mapping.entries.flatMap(([key, value]) => mappingExpressions(value, [...path, key]));
  }
}
