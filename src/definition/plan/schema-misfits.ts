import { z } from 'zod';
import type { Schema } from '../../core/edge.ts';
import type { PathKey } from '../expression/tree.ts';
import type { Mapping } from '../mapping/tree.ts';
import type { Misfit } from './fit.ts';

/**
 * Where a mapping is not what the schema itself takes: values that are written out and that it refuses, and fields that it
 * would drop unseen. What JSON Schema cannot say, such as what a duration is, is found so before a run.
 *
 * @param found what is known to be wrong, which is not told again
 */
export function schemaMisfits(mapping: Mapping, schema: Schema, found: readonly Misfit[]): Misfit[] {
  return new Checking(found).check(mapping, schema, []);
}

class Checking {
  readonly #found: readonly Misfit[];

  constructor(found: readonly Misfit[]) {
    this.#found = found;
  }

  check(mapping: Mapping, schema: Schema, path: readonly PathKey[]): Misfit[] {
    const unknown = this.#unknownFields(mapping, schema, path);
    const written = writtenOut(mapping);
    if (written !== undefined) return [...unknown, ...this.#refused(written.value, schema, path)];
    return [...unknown, ...this.#inside(mapping, schema, path)];
  }

  #inside(mapping: Mapping, schema: Schema, path: readonly PathKey[]): Misfit[] {
    const shape = shapeOf(schema);
    if (mapping.kind !== 'record' || shape === undefined) return [];
    return mapping.entries.flatMap(([key, value]) => {
      const part = Object.hasOwn(shape, key) ? shape[key] : undefined;
      return part === undefined ? [] : this.check(value, part, [...path, key]);
    });
  }

  #refused(value: unknown, schema: Schema, path: readonly PathKey[]): Misfit[] {
    return issuesOf(schema, value)
      .map(({ message, path: inside = [] }) => ({
        path: [...path, ...inside.map((part) => (typeof part === 'object' ? part.key : part) as PathKey)],
        message: message.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase()),
      }))
      .filter((misfit) => !this.#isTold(misfit.path));
  }

  #unknownFields(mapping: Mapping, schema: Schema, path: readonly PathKey[]): Misfit[] {
    const shape = shapeOf(schema);
    if (mapping.kind !== 'record' || shape === undefined || !isClosed(schema)) return [];
    const names = Object.keys(shape);
    return mapping.entries.flatMap(([key, value]): Misfit[] => {
      const at = [...path, key];
      if (Object.hasOwn(shape, key)) return writtenOut(mapping) ? this.#deeper(value, shape[key], at) : [];
      const has = names.length === 0 ? '' : `; it has ${names.slice(0, 12).join(', ')}`;
      return this.#isTold(at) ? [] : [{ path: at, inKey: true, message: `the input has no ${key}${has}` }];
    });
  }

  #deeper(mapping: Mapping, schema: Schema | undefined, path: readonly PathKey[]): Misfit[] {
    return schema === undefined ? [] : this.#unknownFields(mapping, schema, path);
  }

  /** Something is wrong there already, or around it, or inside. */
  #isTold(path: readonly PathKey[]): boolean {
    return this.#found.some((one) => {
      const length = Math.min(one.path.length, path.length);
      return one.path.slice(0, length).join('\0') === path.slice(0, length).join('\0');
    });
  }
}

/** The value of a mapping that reads nothing; none, where a part of it could not be read. */
function writtenOut(mapping: Mapping): { readonly value: unknown } | undefined {
  if (mapping.kind === 'literal') return mapping.value === undefined ? undefined : { value: mapping.value };
  if (mapping.kind === 'list') {
    const items = mapping.items.map(writtenOut);
    return items.includes(undefined) ? undefined : { value: items.map((item) => item?.value) };
  }
  if (mapping.kind !== 'record') return undefined;
  const entries = mapping.entries.map(([key, value]) => [key, writtenOut(value)] as const);
  if (entries.some(([, value]) => value === undefined)) return undefined;
  return { value: Object.fromEntries(entries.map(([key, written]) => [key, written?.value])) };
}

/** What a schema says of a value; nothing, if it takes its time, for a file is checked at once. */
function issuesOf(
  schema: Schema,
  value: unknown,
): readonly {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}[] {
  try {
    const result = schema['~standard'].validate(value);
    if (!(result instanceof Promise)) return result.issues ?? [];
    result.catch(() => {});
  } catch {
    // It is checked again in a run, where its failure is told.
  }
  return [];
}

/** The fields of a record, by their schemas, where the schema is zod's. */
function shapeOf(schema: Schema): Readonly<Record<string, Schema>> | undefined {
  const inside = unwrapped(schema);
  return inside instanceof z.ZodObject ? (inside.shape as Record<string, Schema>) : undefined;
}

/** Whether fields that it does not list are dropped or refused. */
function isClosed(schema: Schema): boolean {
  const { catchall } = (unwrapped(schema) as z.ZodObject)._zod.def;
  return catchall === undefined || catchall instanceof z.ZodNever;
}

/** What is inside of `optional`, `default` and the like. */
function unwrapped(schema: Schema): unknown {
  let inside: unknown = schema;
  while (inside instanceof z.core.$ZodType) {
    const { def } = inside._zod;
    const next: unknown =
      Reflect.get(def, 'innerType') ?? (def.type === 'pipe' ? Reflect.get(def, 'in') : undefined);
    if (next === undefined) return inside;
    inside = next;
  }
  return inside;
}
