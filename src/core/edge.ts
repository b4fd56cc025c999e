import type { StandardSchemaV1 } from '@standard-schema/spec';
import { Adapters } from './adapters.ts';
import { DefinitionError, InputValidationError, type Issues, OutputValidationError } from './errors.ts';
import { synchronous } from './synchronous.ts';

/** A schema of any library that speaks Standard Schema. */
export type Schema<I = unknown, O = I> = StandardSchemaV1<I, O>;

/** What adapts and checks values at a step's border: on the way in `using`, then `input`; out `output`, then `map`. */
export interface Edge {
  readonly using?: Adapters | undefined;
  readonly input?: Schema | undefined;
  readonly output?: Schema | undefined;
  readonly map?: Adapters | undefined;
}

/** A value that is not there yet, because a schema checks it asynchronously. */
export class Pending {
  readonly promise: Promise<unknown>;
  /** What is being checked. */
  readonly raw: unknown;

  constructor(promise: Promise<unknown>, raw: unknown) {
    this.promise = promise;
    this.raw = raw;
  }
}

/** Who waits for a check. */
interface Checking {
  readonly scope: { readonly clock: { wake(): void } };
  readonly active: boolean;
  fail(error: unknown): void;
}

/** Goes on when a check that takes time is done, unless who waits has ended by then. What the going on throws is its failure. */
export function whenChecked(
  pending: Pending,
  who: Checking,
  then: (value: unknown) => void,
  otherwise: (error: unknown) => void = (error) => who.fail(error),
): void {
  const goingOn =
    (how: (outcome: unknown) => void) =>
    (outcome: unknown): void => {
      who.scope.clock.wake();
      if (!who.active) return;
      try {
        how(outcome);
      } catch (error) {
        who.fail(error);
      }
    };
  pending.promise.then(goingOn(then), goingOn(otherwise));
}

/** An input as the step wants it, or {@link Pending}. Throws {@link InputValidationError}. */
export function admit(edge: Edge, raw: unknown, stepId: string): unknown {
  const input = edge.using === undefined ? raw : edge.using.inward(raw);
  return edge.input === undefined
    ? input
    : check(edge.input, input, (issues) => new InputValidationError(stepId, issues));
}

/** An output as the step's users want it, or {@link Pending}. Throws {@link OutputValidationError}. */
export function release(edge: Edge, raw: unknown, stepId: string): unknown {
  if (edge.output === undefined) return edge.map === undefined ? raw : edge.map.outward(raw);
  const output = check(edge.output, raw, (issues) => new OutputValidationError(stepId, issues));
  const { map } = edge;
  if (map === undefined) return output;
  return output instanceof Pending
    ? new Pending(
        output.promise.then((value) => map.outward(value)),
        raw,
      )
    : map.outward(output);
}

function check(schema: Schema, value: unknown, refuse: (issues: Issues) => Error): unknown {
  const parsed = schema['~standard'].validate(value);
  if (parsed instanceof Promise) {
    return new Pending(
      parsed.then((result) => {
        if (result.issues !== undefined) throw refuse(result.issues);
        return result.value;
      }),
      value,
    );
  }
  if (parsed.issues !== undefined) throw refuse(parsed.issues);
  return parsed.value;
}

/** An edge with one more adapter on the way in, before all others. */
export function edgeUsing(edge: Edge, adapt: (input: never) => unknown): Edge {
  const outer = (input: unknown): unknown => synchronous('using', adapt(input as never));
  return { ...edge, using: new Adapters(outer, edge.using) };
}

/** An edge with one more adapter on the way out, after all others. */
export function edgeMapping(edge: Edge, adapt: (output: never) => unknown): Edge {
  const outer = (output: unknown): unknown => synchronous('map', adapt(output as never));
  return { ...edge, map: new Adapters(outer, edge.map) };
}

/** A chunk as its schema wants it; the schema must be synchronous. Throws {@link OutputValidationError}. */
export function checkSync(schema: Schema, chunk: unknown, stepId: string): unknown {
  const checked = check(schema, chunk, (issues) => new OutputValidationError(stepId, issues));
  if (checked instanceof Pending)
    throw new DefinitionError(`${stepId}: the schema of its partials is asynchronous`);
  return checked;
}
