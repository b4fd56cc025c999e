import { createLogUpdate } from 'log-update';
import { asyncScheduler, interval, type Subscription } from 'rxjs';
import type { LogLevel, RunEvent } from '../../core/events.ts';
import { clean } from '../terminal/clean.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { truncate } from '../terminal/truncate.ts';
import { LiveModel } from './live-model.ts';
import { type Answer, noteOf } from './note-of.ts';
import { renderTree } from './render-tree.ts';
import type { View } from './view.ts';

/** Often enough to look alive, seldom enough not to flicker. */
const frameMs = 80;

/** How a run is shown in a terminal. */
export interface LiveViewOptions {
  /** Ids of steps that will come, where that is known. */
  readonly expected: readonly string[];
  /** From which level on to show what steps log. */
  readonly logLevel: LogLevel;
  /** Whether to tell in lasting lines what else happens. */
  readonly verbose: boolean;
  /** How to answer what a run waits for. */
  readonly answer: Answer;
  /** What happened before this event was told before. */
  readonly notesFrom?: number;
}

/** Draws a run as a tree of steps, again and again in the same place; what steps log stays above it. */
export class LiveView implements View {
  readonly #terminal: Terminal;
  readonly #options: LiveViewOptions;
  readonly #model = new LiveModel();
  readonly #draw: ReturnType<typeof createLogUpdate>;
  readonly #frames: Subscription;
  #note = '';

  constructor(terminal: Terminal, options: LiveViewOptions) {
    this.#terminal = terminal;
    this.#options = options;
    // A terminal that does not know its size says 0, and nothing would be drawn
    terminal.stream.columns ||= 80;
    terminal.stream.rows ||= 24;
    this.#draw = createLogUpdate(terminal.stream);
    this.#frames = interval(frameMs).subscribe(() => this.#frame());
  }

  add(event: RunEvent): void {
    this.#model.add(event);
    if (event.seq < (this.#options.notesFrom ?? 0)) return;
    const note = noteOf(event, this.#options);
    if (note === undefined) return;
    const { colors, glyphs, columns } = this.#terminal;
    const line = truncate(clean(note.text), columns() - 1, glyphs.ellipsis);
    this.#draw.persist(note.urgent ? colors.yellow(line) : colors.dim(line));
  }

  interrupted(words: string): void {
    this.#note = words;
    // The terminal has written ^C somewhere
    this.#draw.clear();
    this.#frame();
  }

  close(): void {
    this.#frames.unsubscribe();
    this.#note = '';
    this.#frame();
    this.#draw.done();
  }

  #frame(): void {
    const { colors, glyphs, columns } = this.#terminal;
    const lines = renderTree(this.#model, this.#terminal, this.#options.expected, asyncScheduler.now());
    const note =
      this.#note === '' ? [] : [colors.yellow(truncate(this.#note, columns() - 1, glyphs.ellipsis))];
    this.#draw([...lines, ...note].join('\n'));
  }
}
