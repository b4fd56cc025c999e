import { referencesOf } from '../expression/references.ts';
import type { Path, PathKey } from '../expression/tree.ts';
import type { Mapping } from './tree.ts';

/** Something that a mapping reads. */
export interface MappingReference {
  /** In which part of the mapping. */
  readonly path: readonly PathKey[];
  /** Where its text begins, which the reference counts from. */
  readonly from: number;
  readonly reference: Path;
  /** It is all that the part is made of, so that the part has its type. */
  readonly whole: boolean;
}

/** What a mapping reads, in the order in which it is written. */
export function mappingReferences(mapping: Mapping, path: readonly PathKey[] = []): MappingReference[] {
  switch (mapping.kind) {
    case 'literal':
      return [];
    case 'value': {
      const { expression, at: from } = mapping;
      const whole = expression.kind === 'path';
      return referencesOf(expression).map((reference) => ({ path, from, reference, whole }));
    }
    case 'template':
      return mapping.parts.flatMap((part) =>
        typeof part === 'string'
          ? []
          : referencesOf(part.expression).map((reference) => ({
              path,
              from: part.at,
              reference,
              whole: false,
            })),
      );
    case 'list':
      return mapping.items.flatMap((item, i) => mappingReferences(item, [...path, i]));
    case 'record':
      return mapping.entries.flatMap(([key, value]) => mappingReferences(value, [...path, key]));
  }
}
