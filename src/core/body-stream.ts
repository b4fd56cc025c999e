import { type Observable, Subscriber } from 'rxjs';

/** Who hears of what a body streams. */
export interface StreamListener {
  /** It still wants to hear. */
  readonly open: boolean;
  chunk(chunk: unknown): void;
  /** The stream has ended: with what it returned, or else with its last chunk. */
  streamEnded(output: unknown): void;
  streamFailed(error: unknown): void;
}

/** What a body returned that streams. */
export interface BodyStream {
  start(): void;
  /** Lets go of it. */
  stop(): void;
}

/** An Observable's emissions. */
export class ObservedStream implements BodyStream {
  readonly #source: Observable<unknown>;
  /** Made beforehand, so that a source that emits while it is being subscribed can be stopped. */
  readonly #subscriber: Subscriber<unknown>;

  constructor(source: Observable<unknown>, listener: StreamListener) {
    let last: unknown;
    this.#source = source;
    this.#subscriber = new Subscriber<unknown>({
      next: (chunk) => {
        if (!listener.open) return;
        last = chunk;
        listener.chunk(chunk);
      },
      error: (error: unknown) => listener.streamFailed(error),
      complete: () => listener.streamEnded(last),
    });
  }

  start(): void {
    this.#source.subscribe(this.#subscriber);
  }

  stop(): void {
    this.#subscriber.unsubscribe();
  }
}

/** An iterator's results, asked for one by one. */
export class PulledStream implements BodyStream {
  readonly #source: AsyncIterable<unknown>;
  readonly #listener: StreamListener;
  #iterator: AsyncIterator<unknown> | undefined;
  #last: unknown;

  constructor(source: AsyncIterable<unknown>, listener: StreamListener) {
    this.#source = source;
    this.#listener = listener;
  }

  start(): void {
    try {
      const iterator = this.#source[Symbol.asyncIterator]();
      this.#iterator = iterator;
      this.#ask(iterator);
    } catch (error) {
      this.#listener.streamFailed(error);
    }
  }

  stop(): void {
    // A generator that is waiting hears of it when it wakes; how it takes that concerns nobody any more.
    this.#iterator?.return?.().then(undefined, ignore);
  }

  #ask(iterator: AsyncIterator<unknown>): void {
    const listener = this.#listener;
    const failed = (error: unknown): void => listener.streamFailed(error);
    const take = (result: IteratorResult<unknown>): void => {
      if (!listener.open) return;
      if (result.done === true)
        return listener.streamEnded(result.value === undefined ? this.#last : result.value);
      this.#last = result.value;
      listener.chunk(result.value);
      if (listener.open) ask();
    };
    const ask = (): void => {
      try {
        iterator.next().then(take, failed);
      } catch (error) {
        failed(error);
      }
    };
    ask();
  }
}

const ignore = (): void => {};
