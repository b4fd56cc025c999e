import type { RunEvent } from 'tutti';

/**
 * What a run's events break of what `hedge` promises, a sentence each: once an attempt has answered, by streaming or by
 * completing, it is the only one of its step, until that is tried again.
 */
export function judgeHedges(events: readonly RunEvent[]): string[] {
  const judge = new HedgeJudge();
  for (const event of events) judge.after(event);
  return [...judge.wrong];
}

interface Answer {
  readonly by: string;
  readonly at: number;
}

class HedgeJudge {
  readonly wrong = new Set<string>();
  /** The attempts under way beside the first. */
  readonly #open = new Set<string>();
  /** What answered, by hedged step. */
  readonly #answers = new Map<string, Answer>();

  after({ type, path, at }: RunEvent): void {
    const step = hedgedAt(path);
    if (type === 'step.started' && path !== step) this.#open.add(path);
    if (/^step\.(completed|failed|cancelled)$/.test(type)) this.#open.delete(path);
    if (type === 'step.retrying' || type === 'step.started') this.#answers.delete(step);
    if (type === 'step.partial' && !this.#answers.has(step)) this.#answers.set(step, { by: path, at });
    this.#checkOpen(at);
  }

  /** The others end in the same moment. */
  #checkOpen(now: number): void {
    for (const other of this.#open) {
      const { by = other, at = now } = this.#answers.get(hedgedAt(other)) ?? {};
      if (by !== other && now > at) this.wrong.add(`hedge: ${other} goes on after ${by} has answered`);
    }
  }
}

/** The step that an attempt is one of. */
const hedgedAt = (path: string): string => path.replace(/\/!hedge\d+(~\d+)?$/, '');
