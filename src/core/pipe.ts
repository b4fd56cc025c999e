import { Observable, Subscriber } from 'rxjs';
import { Cancellation } from './cancellation.ts';
import { type Emission, Value } from './emission.ts';
import type { RunEvent, StepEvent } from './events.ts';
import { Frame, type Node } from './frame.ts';
import { Loop } from './loop.ts';
import { Queue } from './queue.ts';
import { Scope } from './scope.ts';
import { SequenceNode } from './sequence-node.ts';
import { throwAll } from './throw-all.ts';
import type { EventSink } from './writer.ts';

/** The events that bare pipes have told: only these pass by, as an event may also be the item that is worked on. */
const travelling = new WeakSet<RunEvent>();

/** What a step makes of its source. Steps that follow directly join it, instead of listening to it one by one. */
class StepStream extends Observable<Emission<unknown>> {
  readonly origin: Observable<unknown>;
  readonly plan: SequenceNode;

  constructor(origin: Observable<unknown>, plan: SequenceNode) {
    super((subscriber) => {
      const session = new Session(plan, subscriber);
      // Made beforehand, so that a source that emits while it is being subscribed can be stopped.
      const source = new Subscriber<unknown>(session);
      subscriber.add(source);
      subscriber.add(() => session.stop());
      origin.subscribe(source);
    });
    this.origin = origin;
    this.plan = plan;
  }
}

/** Applies a step to a source of plain values or of emissions. */
export function through(source: Observable<unknown>, node: Node): Observable<Emission<unknown>> {
  return source instanceof StepStream
    ? new StepStream(source.origin, new SequenceNode([source.plan, node]))
    : new StepStream(source, new SequenceNode([node]));
}

const noPlaces: readonly string[] = [];

/** One subscription to a bare `pipe` of steps: values run in order, one at a time; events pass by untouched. */
class Session {
  #plan: SequenceNode;
  #taken = noPlaces;
  readonly #subscriber: Subscriber<Emission<unknown>>;
  readonly #waiting = new Queue<unknown>();
  #current: PipeFrame | undefined;
  #pumping = false;
  #sourceCompleted = false;

  constructor(plan: SequenceNode, subscriber: Subscriber<Emission<unknown>>) {
    this.#plan = plan;
    this.#subscriber = subscriber;
  }

  next(item: unknown): void {
    if (travelling.has(item as StepEvent)) {
      this.#subscriber.next(item as StepEvent);
      return;
    }
    this.#waiting.put(item);
    this.#pump();
  }

  error(error: unknown): void {
    const fail = (): void => this.#subscriber.error(error);
    if (this.#current === undefined) fail();
    else this.#current.giveUp('the source failed', fail);
  }

  complete(): void {
    this.#sourceCompleted = true;
    this.#pump();
  }

  /** Ends at once what still runs; nobody listens any more. */
  stop(): void {
    const current = this.#current;
    if (current === undefined) return;
    current.scope.writer.mute();
    throwAll(current.cancel(new Cancellation('unsubscribed')));
  }

  /** One value has come out: hands it on, and takes the next. */
  succeeded(value: Value<unknown>): void {
    this.#current = undefined;
    this.#subscriber.next(value);
    this.#pump();
  }

  failed(error: unknown): void {
    this.#current = undefined;
    this.#subscriber.error(error);
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#current === undefined && !this.#subscriber.closed) {
      const next = this.#waiting.take();
      if (next === undefined) break;
      this.#start(next.value);
    }
    this.#pumping = false;
    if (this.#sourceCompleted && this.#current === undefined) this.#subscriber.complete();
  }

  #start(item: unknown): void {
    const sink: EventSink<RunEvent> = {
      next: (event) => {
        travelling.add(event);
        this.#subscriber.next(event as StepEvent);
      },
      complete: () => {},
    };
    const travelled = item instanceof Value;
    const scope = travelled ? this.#takeOver(Value.scopeOf(item), sink) : new Scope({}, sink);
    scope.clock.wake();
    this.#current = new PipeFrame(scope, this.#planAfter(travelled ? Value.placesOf(item) : noPlaces), this);
    this.#current.start(travelled ? item.value : item);
  }

  /** The plan for a value that has been at places before, whose names it does not use again. */
  #planAfter(taken: readonly string[]): SequenceNode {
    if (taken.length === 0) return this.#plan;
    if (this.#taken !== taken) {
      this.#taken = taken;
      this.#plan = new SequenceNode(this.#plan.given, taken);
    }
    return this.#plan;
  }

  /** A value that comes from steps further up stays in its run; what they still have to tell, late, is told here. */
  #takeOver(scope: Scope, sink: EventSink<RunEvent>): Scope {
    scope.writer.sink = sink;
    return scope.with({ writer: scope.writer.for(sink), loop: new Loop() });
  }
}

/** The root of what happens to one value. */
class PipeFrame extends Frame {
  readonly #plan: SequenceNode;
  readonly #session: Session;

  constructor(scope: Scope, plan: SequenceNode, session: Session) {
    super(scope, undefined, '', 0);
    this.#plan = plan;
    this.#session = session;
  }

  begin(input: unknown): void {
    this.spawn(this.#plan, input);
  }

  /** Ends it, and calls back when that has been told. */
  giveUp(reason: string, afterwards: () => void): void {
    const { clock, loop, writer } = this.scope;
    clock.wake();
    loop.enter(() => this.cancel(new Cancellation(reason)));
    writer.whenDelivered(afterwards);
  }

  override rootEnded(payload: unknown, failed: boolean): void {
    const { scope } = this;
    scope.writer.whenDelivered(() => {
      if (failed) this.#session.failed(payload);
      else this.#session.succeeded(new Value(payload, scope, this.#plan.names));
    });
  }
}
