import { auditTime, connect, merge, tap } from 'rxjs';
import { type ErrorRecord, originalError, type RunEvent, type RunHandle } from 'tutti';
import { type EventsOf, eventsOf } from 'tutti/operators';
import { analysis, type DocumentAnalysis, document } from './document.ts';
import { explain } from './explain.ts';
import type { Screen } from './screen.ts';
import type { Entities } from './skills/entities.ts';
import { entities, patterns } from './steps/entities.ts';
import { kinds } from './steps/mentions.ts';
import { summarize } from './summarize.ts';

/** Shows a run while it goes on: each document as it ends, and what is being found in those that have not. */
export function watch(handle: RunHandle<unknown>, total: number, screen: Screen): void {
  const view = new View(handle, total, screen);
  handle.events$
    .pipe(
      connect((events$) =>
        merge(
          events$.pipe(tap((event) => view.stepChanged(event))),
          events$.pipe(
            eventsOf(analysis),
            tap((event) => view.analysisChanged(event)),
          ),
          events$.pipe(
            eventsOf(document),
            tap((event) => view.documentChanged(event)),
          ),
          merge(events$.pipe(eventsOf(entities)), events$.pipe(eventsOf(patterns))).pipe(
            tap((event) => view.found(event)),
          ),
          events$.pipe(
            auditTime(100),
            tap(() => view.draw()),
          ),
        ),
      ),
    )
    .subscribe();
}

/** A document that is being analysed. */
interface Active {
  readonly running: Set<string>;
  readonly named: Set<string>;
  fraction: number;
  copy: boolean;
}

class View {
  readonly #handle: RunHandle<unknown>;
  readonly #total: number;
  readonly #screen: Screen;
  readonly #active = new Map<string, Active>();
  #ended = 0;

  constructor(handle: RunHandle<unknown>, total: number, screen: Screen) {
    this.#handle = handle;
    this.#total = total;
    this.#screen = screen;
  }

  /** Which steps are at work on a document, and what went wrong and was made up for. */
  stepChanged(event: RunEvent): void {
    const name = keyOf(event.path);
    const active = this.#active.get(name);
    switch (event.type) {
      case 'step.started':
        active?.running.add(event.step);
        break;
      case 'step.completed':
      case 'step.failed':
      case 'step.cancelled':
        active?.running.delete(event.step);
        break;
      case 'step.retrying':
        this.#screen.print(
          `  ${name}: ${event.step} again in ${event.delayMs} ms, ${rootOf(event.error).message}`,
        );
        break;
      case 'step.fallback':
        if (event.error.code !== 'UNSUPPORTED_LANGUAGE')
          this.#screen.print(`  ${name}: ${event.to} instead of ${event.step}, ${event.error.message}`);
        break;
      case 'run.completed':
      case 'run.failed':
      case 'run.cancelled':
        this.#screen.draw([]);
    }
  }

  /** Whether the text is known already, from a copy of it. */
  analysisChanged(event: EventsOf<unknown, never>): void {
    const active = this.#active.get(keyOf(event.path));
    if (active !== undefined && event.type === 'step.completed') active.copy = event.source === 'cache';
  }

  documentChanged(event: EventsOf<DocumentAnalysis, never>): void {
    const name = keyOf(event.path);
    switch (event.type) {
      case 'step.started':
        this.#active.set(name, { running: new Set(), named: new Set(), fraction: 0, copy: false });
        break;
      case 'step.completed':
        this.#end(name, `${name}: ${summarize(event.output, this.#active.get(name)?.copy === true)}`);
        break;
      case 'step.failed':
        this.#end(name, `failed, ${explain(name, originalError(event.error))}`);
    }
  }

  /** What the passages of a document name, one by one; a fallback begins anew. */
  found(event: EventsOf<unknown, Entities>): void {
    const name = keyOf(event.path);
    const active = this.#active.get(name);
    if (active === undefined) return;
    if (event.type === 'step.fallback') active.named.clear();
    if (event.type === 'step.progress') active.fraction = event.fraction;
    if (event.type !== 'step.partial') return;
    const fresh = kinds.flatMap((kind) => event.chunk[kind]).filter((found) => !active.named.has(found));
    for (const found of fresh) active.named.add(found);
    if (!this.#screen.live && fresh.length > 0) this.#screen.print(`  ${name}: found ${fresh.join(', ')}`);
  }

  /** The documents under way, and how far all of them are. */
  draw(): void {
    const { state, costUsd, durationMs } = this.#handle.status();
    if (state !== 'running') return;
    const lines = [...this.#active].map(([name, { running, named, fraction }]) => {
      const steps = [...running].filter((id) => id !== document.id && id !== analysis.id).join(' ');
      const latest = [...named].slice(-8).reverse().join(', ');
      return `  ${name}  ${Math.round(100 * fraction)}%  ${steps}  ${latest}`;
    });
    const seconds = (durationMs / 1000).toFixed(1);
    this.#screen.draw([...lines, `${this.#ended} of ${this.#total}, ${seconds} s, $${costUsd.toFixed(7)}`]);
  }

  #end(name: string, text: string): void {
    this.#active.delete(name);
    const counter = String(++this.#ended).padStart(String(this.#total).length);
    const cost = this.#handle.status().costUsd.toFixed(7);
    this.#screen.print(`[${counter}/${this.#total} $${cost}] ${text}`);
  }
}

/** What an error was caused by in the end. */
function rootOf(error: ErrorRecord): ErrorRecord {
  return error.cause === undefined ? error : rootOf(error.cause);
}

/** The item that a path lies in: `/mapEach/document[a.txt]/read` is of `a.txt`. */
function keyOf(path: string): string {
  return decodeURIComponent(/\[([^\]]*)\]/.exec(path)?.[1] ?? '');
}
