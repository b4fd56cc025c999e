import type { StepEvent } from './events.ts';
import type { Scope } from './scope.ts';

/** The item that steps work on in a bare RxJS `pipe`, with the scope it travels in; only Tutti makes one. */
export class Value<out T> {
  readonly value: T;
  readonly #scope: Scope;
  readonly #taken: readonly string[];

  /** @internal */
  constructor(value: T, scope: Scope, taken: readonly string[]) {
    this.value = value;
    this.#scope = scope;
    this.#taken = taken;
  }

  /** @internal */
  static scopeOf(value: Value<unknown>): Scope {
    return value.#scope;
  }

  /**
   * The names of the places it has been at.
   *
   * @internal
   */
  static placesOf(value: Value<unknown>): readonly string[] {
    return value.#taken;
  }
}

/** What flows through operators outside a run: the item worked on, or an event passing by. */
export type Emission<T> = Value<T> | StepEvent;

/** Tells the item from the events that pass by. */
export function isValue<T>(emission: Emission<T>): emission is Value<T> {
  return emission instanceof Value;
}

/** Tells an event from a plain value by its envelope. */
export function isStepEvent(item: unknown): item is StepEvent {
  return (
    typeof item === 'object' &&
    item !== null &&
    'type' in item &&
    'seq' in item &&
    'runId' in item &&
    'path' in item
  );
}
