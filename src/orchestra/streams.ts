import type { RunEvent } from '../core/events.ts';

/** What steps have streamed in their last attempt, as those who wait for the parts of their outputs had it. */
export class Streams {
  readonly #byPath = new Map<string, { from: string; chunks: unknown[] }>();

  read(event: RunEvent): void {
    const { path } = event;
    switch (event.type) {
      case 'step.partial':
        this.#add(giverOf(path), path, event.chunk);
        return;
      case 'step.started':
        this.#byPath.delete(path);
        return;
      case 'step.retrying':
      case 'step.fallback':
        this.#byPath.delete(giverOf(path));
        return;
      case 'step.failed':
        this.#byPath.delete(path);
        return;
      default:
        return;
    }
  }

  /** What a step streamed that has ended; it is told once. */
  take(path: string): readonly unknown[] | undefined {
    const stream = this.#byPath.get(path);
    this.#byPath.delete(path);
    return stream?.chunks;
  }

  #add(path: string, from: string, chunk: unknown): void {
    const stream = this.#byPath.get(path);
    // Of those that a policy has run, one at a time streams.
    if (stream?.from === from) stream.chunks.push(chunk);
    else this.#byPath.set(path, { from, chunks: [chunk] });
  }
}

/** The step in whose place something streams: of what a policy runs, the step that the policy is on. */
function giverOf(path: string): string {
  return path.replace(runByPolicies, '');
}

const runByPolicies = /(\/!(?!compensate)[^/]*)+$/;
