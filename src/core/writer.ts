/** Who hears of a run: every event, then that there will be no more. */
export interface EventSink<in E> {
  next(event: E): void;
  complete(): void;
}

/**
 * The one writer of a scope's events: it numbers them and hands them on in that order, one at a time, also those
 * that are made while another is being handed on.
 */
export class Writer<E> {
  /** Who hears; another may take over while the run is on. */
  sink: EventSink<E>;
  /** Nothing more is taken. */
  closed = false;
  private muted = false;
  /** Who counts the events: itself, or the first of those who write of one run. */
  private readonly counter: Writer<E>;
  private events: number;
  private delivering = false;
  private waiting: (() => void)[] | undefined = undefined;

  /** @param from the number of its first event, when it counts itself */
  constructor(sink: EventSink<E>, counter?: Writer<E>, from = 0) {
    this.sink = sink;
    this.events = from;
    this.counter = counter ?? this;
  }

  /** One who goes on numbering where this one is, for another listener. */
  for(sink: EventSink<E>): Writer<E> {
    return new Writer(sink, this.counter);
  }

  /** How many events there have been. */
  get written(): number {
    return this.counter.events;
  }

  /** The number of the event that is being made. */
  seq(): number {
    return this.counter.events++;
  }

  write(event: E): void {
    if (!this.closed) this.put(event);
  }

  /** Hands on the last event, then that it was the last. */
  finish(event: E): void {
    if (this.closed) return;
    this.closed = true;
    this.put(event);
    if (this.delivering) this.wait(() => this.sink.complete());
    else this.sink.complete();
  }

  /** Calls back once everything written so far has been handed on. */
  whenDelivered(callback: () => void): void {
    if (!this.delivering) callback();
    else this.wait(callback);
  }

  /** Nobody listens any more: nothing is handed on from now. */
  mute(): void {
    this.closed = true;
    this.muted = true;
  }

  private put(event: E): void {
    if (this.delivering) return this.putLater(event);
    this.delivering = true;
    this.sink.next(event);
    if (this.waiting !== undefined) this.workOff(this.waiting);
    this.delivering = false;
  }

  private putLater(event: E): void {
    this.wait(() => this.sink.next(event));
  }

  private wait(work: () => void): void {
    this.waiting ??= [];
    this.waiting.push(work);
  }

  private workOff(waiting: readonly (() => void)[]): void {
    for (let i = 0; i < waiting.length && !this.muted; i++) waiting[i]?.();
    this.waiting = undefined;
  }
}
