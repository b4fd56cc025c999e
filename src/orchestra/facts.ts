import { undoNote } from '../core/saga.ts';
import type { JournalFact } from '../store/batch.ts';
import { Around } from './around.ts';
import type { Lives } from './lives.ts';

/** What was noted beside the events, for the life in which it was noted. */
export class Facts {
  readonly #lives: Lives;
  readonly #values = new Map<string, JournalFact>();
  /** The places around those that have something to undo. */
  readonly #aroundUndoing = new Around();

  constructor(lives: Lives) {
    this.#lives = lives;
  }

  read(fact: JournalFact): void {
    if (fact.name === undoNote) this.#aroundUndoing.add(fact.path);
    this.#values.set(keyOf(fact.path, fact.pass ?? '', fact.name), fact);
  }

  has(path: string, name: string): boolean {
    return this.#values.has(keyOf(path, this.#passOf(path, name), name));
  }

  recall(path: string, name: string): unknown {
    return this.#values.get(keyOf(path, this.#passOf(path, name), name))?.value;
  }

  /** Notes a fact, once; what was noted before stays. Gives it as the store is to keep it, when it is new. */
  note(path: string, name: string, value: unknown, seq: number): JournalFact | undefined {
    const pass = this.#passOf(path, name);
    const key = keyOf(path, pass, name);
    if (this.#values.has(key)) return undefined;
    const fact: JournalFact = { type: 'fact', path, name, value, seq, ...(pass !== '' && { pass }) };
    this.#values.set(key, fact);
    return fact;
  }

  /** Something below a place may have to be undone. */
  hasUndoingBelow(path: string): boolean {
    if (!this.#aroundUndoing.has(path)) return false;
    const prefix = `${path}/`;
    for (const fact of this.#values.values())
      if (fact.name === undoNote && fact.path.startsWith(prefix) && this.#isOfNow(fact)) return true;
    return false;
  }

  /** Those that still count. */
  *ofNow(): Iterable<JournalFact> {
    for (const fact of this.#values.values()) if (this.#isOfNow(fact)) yield fact;
  }

  #isOfNow({ path, name, pass }: JournalFact): boolean {
    return (pass ?? '') === this.#passOf(path, name);
  }

  /** What a policy notes, which has an @ in its name, holds over the attempts of its own step; all else is of one attempt. */
  #passOf(path: string, name: string): string {
    const since = this.#lives.since(path, !name.includes('@'));
    return since < 0 ? '' : String(since);
  }
}

function keyOf(path: string, pass: string, name: string): string {
  return `${path} ${pass} ${name}`;
}
