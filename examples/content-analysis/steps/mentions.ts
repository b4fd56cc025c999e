import type { Entities } from '../skills/entities.ts';

export const kinds = [
  'people',
  'places',
  'organisations',
  'names',
  'dates',
  'emails',
  'urls',
  'money',
] as const satisfies readonly (keyof Entities)[];

/** Something that a text names, in how many of its passages. */
export interface Mention {
  readonly kind: keyof Entities;
  readonly name: string;
  readonly passages: number;
}

/** Collects what passages name. */
export class Mentions {
  readonly #mentions = new Map<string, Mention>();

  add(found: Entities): void {
    for (const kind of kinds) for (const name of found[kind]) this.#count(kind, name);
  }

  list(): readonly Mention[] {
    return [...this.#mentions.values()];
  }

  #count(kind: keyof Entities, name: string): void {
    const key = `${kind} ${name}`;
    const passages = (this.#mentions.get(key)?.passages ?? 0) + 1;
    this.#mentions.set(key, { kind, name, passages });
  }
}
