import { isObservable, type Observable, type Subscription } from 'rxjs';
import { DefinitionError, textOf } from '../../src/core/errors.ts';
import { Queue } from '../../src/core/queue.ts';

/** What items can come from. */
export type ItemsOf<T> = Iterable<T> | AsyncIterable<T> | Observable<T>;

/** Where a map takes its items from, one at a time. */
export interface ItemSource {
  /** Whether one can be taken now. */
  has(): boolean;
  take(): unknown;
  /** None will come any more, beyond those that can be taken now. */
  readonly exhausted: boolean;
  /** There is room for one that is not there yet. */
  want(): void;
  close(): void;
}

/** Who is told of what a source does by itself. */
export interface ItemListener {
  itemsCame(): void;
  itemsFailed(error: unknown): void;
}

/** Opens whatever holds the items. */
export function openItems(items: unknown, listener: ItemListener): ItemSource {
  if (isObservable(items)) return new ObservedItems(items, listener);
  if (typeof items === 'string' || (typeof items === 'object' && items !== null)) {
    if (Array.isArray(items)) return new ArrayItems(items);
    const held: object = Object(items);
    if (isIterable(held)) return new IteratedItems(held[Symbol.iterator]());
    if (isAsyncIterable(held)) return new PulledItems(held[Symbol.asyncIterator](), listener);
  }
  throw new DefinitionError(
    `mapEach: ${textOf(items)} is not an iterable, an AsyncIterable or an Observable`,
  );
}

/** The items of an array, also those that are added to it meanwhile. */
class ArrayItems implements ItemSource {
  readonly #items: readonly unknown[];
  #next = 0;

  constructor(items: readonly unknown[]) {
    this.#items = items;
  }

  get exhausted(): boolean {
    return !this.has();
  }

  has(): boolean {
    return this.#next < this.#items.length;
  }

  take(): unknown {
    return this.#items[this.#next++];
  }

  want(): void {}

  close(): void {}
}

/** Items that are there already, or are made as they are taken. */
class IteratedItems implements ItemSource {
  readonly #iterator: Iterator<unknown>;
  #ahead: IteratorResult<unknown> | undefined;

  constructor(iterator: Iterator<unknown>) {
    this.#iterator = iterator;
  }

  get exhausted(): boolean {
    return !this.has();
  }

  has(): boolean {
    this.#ahead ??= this.#iterator.next();
    return this.#ahead.done !== true;
  }

  take(): unknown {
    const value: unknown = this.#ahead?.value;
    this.#ahead = undefined;
    return value;
  }

  want(): void {}

  close(): void {
    if (this.#ahead?.done !== true) this.#iterator.return?.();
  }
}

/** Items that come when they come, kept until they are taken. */
export class PushedItems implements ItemSource {
  exhausted = false;
  readonly #items = new Queue<unknown>();

  push(item: unknown): void {
    this.#items.put(item);
  }

  /** Forgets what has come. */
  clear(): void {
    this.#items.clear();
    this.exhausted = false;
  }

  has(): boolean {
    return this.#items.size > 0;
  }

  take(): unknown {
    return this.#items.take()?.value;
  }

  want(): void {}

  close(): void {}
}

class ObservedItems extends PushedItems {
  readonly #subscription: Subscription;

  constructor(source: Observable<unknown>, listener: ItemListener) {
    super();
    this.#subscription = source.subscribe({
      next: (item) => {
        this.push(item);
        listener.itemsCame();
      },
      error: (error) => listener.itemsFailed(error),
      complete: () => {
        this.exhausted = true;
        listener.itemsCame();
      },
    });
  }

  override close(): void {
    this.#subscription.unsubscribe();
  }
}

/** Items that are asked for one by one, as there is room for them. */
class PulledItems extends PushedItems {
  readonly #iterator: AsyncIterator<unknown>;
  readonly #listener: ItemListener;
  #asked = false;

  constructor(iterator: AsyncIterator<unknown>, listener: ItemListener) {
    super();
    this.#iterator = iterator;
    this.#listener = listener;
  }

  override want(): void {
    if (this.#asked || this.exhausted) return;
    this.#asked = true;
    this.#iterator.next().then(
      (result) => {
        this.#asked = false;
        if (result.done === true) this.exhausted = true;
        else this.push(result.value);
        this.#listener.itemsCame();
      },
      (error: unknown) => this.#listener.itemsFailed(error),
    );
  }

  override close(): void {
    if (!this.exhausted) this.#iterator.return?.().then(undefined, ignore);
  }
}

const ignore = (): void => {};

function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value;
}

function isAsyncIterable(value: object): value is AsyncIterable<unknown> {
  return Symbol.asyncIterator in value;
}
