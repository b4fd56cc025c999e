import { type Observable, Subject as Stop, take, takeUntil } from 'rxjs';
import { isValue, type RunEvent, type RunHandle, type RunOptions } from 'tutti';
import type { Make, Subject } from './subject.ts';
import { inVirtualTime, type Sabotage, World } from './world.ts';

/** When something is done to a run: at the n-th event, within its handler; within the n-th body; at a virtual time. */
export type Moment = { readonly event: number } | { readonly call: number } | { readonly frame: number };

/** What is done to a run: two ways to unsubscribe, two to end it gracefully. */
export type Deed = 'take' | 'unsubscribe' | 'cancel' | 'abort';

export interface Disturbance {
  readonly deed: Deed;
  readonly at: Moment;
  /** After a graceful deed, how many events more are listened to; default all. */
  readonly cutAfter?: number | undefined;
}

/** The ways to run something: a sequence of nothing else tells the same as a pipe. */
type As = 'run' | 'start' | 'sequence' | 'pipe';

/** How something is run. */
export interface Score {
  readonly as?: As;
  readonly sabotage?: Sabotage | undefined;
  readonly disturbance?: Disturbance | undefined;
}

/** What came of it. */
export interface Play {
  readonly world: World;
  readonly events: readonly RunEvent[];
  readonly values: readonly unknown[];
  readonly notification: 'complete' | 'error' | 'none';
  readonly error: unknown;
  /** Whether the disturbance came to pass while the run was on. */
  readonly disturbed: boolean;
  /** Whether it was unsubscribed before its end. */
  readonly cut: boolean;
  /** What was still held when it had ended, had been stopped, or had come to a standstill; and what happened later. */
  readonly held: readonly string[];
  readonly endedAt: number;
}

/** The reason of every cancellation here. */
export const reason = 'that will do';

/** Runs something from its beginning to wherever it ends, with what is done to it on the way. */
export function play(make: Make, score: Score = {}, afterwards?: Afterwards): Play {
  return inVirtualTime((scheduler) => {
    const player = new Player(new World(scheduler, score.sabotage), score);
    let made: Subject | undefined;
    player.begin((world) => {
      made = make(world);
      return made;
    });
    const played = player.finish();
    if (afterwards === undefined || made === undefined) return played;
    return { ...played, held: [...played.held, ...player.goOn(afterwards, made)] };
  });
}

/** What is done in a world after a run, with what was run; gives what is wrong then. */
export type Afterwards = (world: World, subject: Subject) => readonly string[];

class Player {
  readonly #world: World;
  readonly #as: As;
  readonly #disturbance: Disturbance | undefined;
  readonly #stop$ = new Stop<void>();
  readonly #events: RunEvent[] = [];
  readonly #values: unknown[] = [];
  #heard = 0;
  /** How many events more are listened to. */
  #left: number | undefined;
  #handle: RunHandle<unknown> | undefined;
  #disturbed = false;
  #unsubscribed = false;
  #notification: Play['notification'] = 'none';
  #error: unknown;

  constructor(world: World, { as, disturbance }: Score) {
    this.#world = world;
    this.#disturbance = disturbance;
    this.#as = as ?? (disturbance?.deed === 'cancel' ? 'start' : 'run');
  }

  begin(make: Make): void {
    const at = this.#disturbance?.at;
    this.#world.onCall = (call) => {
      if (at !== undefined && 'call' in at && at.call === call) this.#disturb();
    };
    const { deed } = this.#disturbance ?? {};
    const stream$ = this.#stream(make);
    const cut$ =
      deed === 'take' && at !== undefined && 'event' in at ? stream$.pipe(take(at.event + 1)) : stream$;
    cut$.pipe(takeUntil(this.#stop$)).subscribe({
      next: (item) => this.#hear(item),
      error: (error: unknown) => this.#end('error', error),
      complete: () => this.#end('complete'),
    });
  }

  finish(): Play {
    const world = this.#world;
    const at = this.#disturbance?.at;
    if (at !== undefined && 'frame' in at) {
      world.advance(at.frame);
      this.#disturb();
    }
    world.advance(Number.POSITIVE_INFINITY, () => this.#unsubscribed || world.over);
    const endedAt = world.scheduler.frame;
    const held = world.held();
    const heard = this.#heard;
    world.advance();
    if (this.#heard > heard) held.push(`${this.#heard - heard} events came after the end`);
    for (const more of world.held()) if (!held.includes(more)) held.push(`later: ${more}`);
    return {
      world,
      events: this.#events,
      values: this.#values,
      notification: this.#notification,
      error: this.#error,
      disturbed: this.#disturbed,
      cut: this.#unsubscribed,
      held,
      endedAt,
    };
  }

  /** Does more in the same world, in which bodies may begin again. */
  goOn(afterwards: Afterwards, made: Subject): readonly string[] {
    const world = this.#world;
    world.stopping = false;
    world.over = false;
    world.onCall = () => {};
    return [...afterwards(world, made), ...world.held()];
  }

  #stream(make: Make): Observable<unknown> {
    const world = this.#world;
    const subject = make(world);
    if (this.#as === 'pipe') return subject.pipe();
    const options: RunOptions = { runId: 'r', random: () => 0.5, signal: world.controller.signal };
    if (this.#as === 'run') return subject.run(options);
    if (this.#as === 'sequence') return subject.inSequence(options);
    this.#handle = subject.start(options);
    return this.#handle.events$;
  }

  #hear(item: unknown): void {
    const index = this.#heard++;
    if (isValue(item as never)) this.#values.push((item as { value: unknown }).value);
    else this.#events.push(item as RunEvent);
    if (/^run\.(completed|failed|cancelled)$/.test((item as RunEvent).type)) this.#world.over = true;
    if (this.#left !== undefined && this.#left-- === 0) this.#stop();
    const { deed, at } = this.#disturbance ?? {};
    if (at === undefined || !('event' in at) || at.event !== index) return;
    if (deed === 'take') this.#cut();
    else this.#disturb();
  }

  #disturb(): void {
    const world = this.#world;
    if (this.#disturbed || world.over || this.#notification !== 'none') return;
    const { deed, cutAfter } = this.#disturbance ?? {};
    // What is heard of a run that was started may be long past.
    if (deed === 'cancel' && this.#handle?.status().state !== 'running') return;
    this.#disturbed = true;
    world.stopping = 'gracefully';
    this.#left = cutAfter;
    if (deed === 'cancel') this.#handle?.cancel(reason);
    else if (deed === 'abort') world.controller.abort(new DOMException(reason, 'AbortError'));
    else this.#stop();
  }

  #stop(): void {
    if (this.#world.over) return;
    this.#cut();
    this.#stop$.next();
  }

  #cut(): void {
    this.#world.stopping = 'at once';
    this.#unsubscribed = true;
    this.#disturbed = true;
  }

  #end(notification: 'complete' | 'error', error?: unknown): void {
    if (!this.#unsubscribed) {
      this.#notification = notification;
      this.#error = error;
    }
    this.#world.over = true;
  }
}
