import { type Duration, toMs } from '../../src/core/duration.ts';
import { admit, Pending, type Schema, whenChecked } from '../../src/core/edge.ts';
import { toErrorRecord } from '../../src/core/error-record.ts';
import { StepTimeoutError, textOf } from '../../src/core/errors.ts';
import type { Wait } from '../../src/core/events.ts';
import { Frame, type Node } from '../../src/core/frame.ts';
import type { KeptBody } from '../../src/core/journal.ts';
import type { Signal } from '../../src/core/mailbox.ts';
import type { Piece } from '../../src/core/piece.ts';

interface Asked {
  /** Whose wait it is. */
  readonly id: string;
  /** The name of the signal. */
  readonly name: string;
  readonly timeoutMs: number | undefined;
}

/** What is waited for, and what comes of the answer. */
export interface WaitPlan extends Asked {
  readonly kind: Wait['kind'];
  readonly schema: Schema | undefined;
  /** Makes the output; what it throws is the step's failure. */
  readonly answer: (payload: unknown, input: unknown, name: string) => unknown;
  /** What the input says in place of `name` and `timeoutMs`; `step` is the id that the step has where it is. */
  readonly asked?: (input: unknown, step: string) => Partial<Asked>;
  /** Makes the output when nobody has answered in time. Default: that is a failure. */
  readonly late?: () => unknown;
}

/** Waits for a signal. */
export class WaitNode implements Node {
  readonly name = '';
  readonly plan: WaitPlan;

  constructor(plan: Omit<WaitPlan, 'timeoutMs'>, timeout: Duration | undefined) {
    const timeoutMs = timeout === undefined ? undefined : toMs(timeout, `${plan.id}: timeout`);
    this.plan = { ...plan, timeoutMs };
  }

  frame(parent: Frame, path: string, slot: number): Piece {
    return new WaitFrame(this.plan, parent, path, slot);
  }
}

class WaitFrame extends Frame implements KeptBody {
  #plan: WaitPlan;
  #input: unknown;
  #leave: (() => void) | undefined;
  /** How a store counts the signal that is being checked. */
  #number: number | undefined;

  constructor(plan: WaitPlan, parent: Frame, path: string, slot: number) {
    super(parent.scopeOfChildren(), parent, path, slot);
    this.#plan = plan;
  }

  override get dormant(): boolean {
    return this.#leave !== undefined;
  }

  begin(input: unknown): void {
    const { journal } = this.scope;
    if (journal === undefined) this.runBody(input);
    else journal.admitBody(this, input);
  }

  runBody(input: unknown): void {
    if (!this.active) return;
    const { asked } = this.#plan;
    if (asked !== undefined) this.#plan = { ...this.#plan, ...asked(input, this.owner?.id ?? this.#plan.id) };
    const { timeoutMs } = this.#plan;
    const { clock, journal } = this.scope;
    this.#input = input;
    const told = journal?.hasOpenWait(this.path) === true;
    const ask = (): number | undefined => (timeoutMs === undefined ? undefined : clock.at + timeoutMs);
    const dueAt = journal === undefined ? ask() : journal.decide(this.path, 'dueAt', ask);
    if (!told) this.#tellWaiting(dueAt);
    if (!this.active) return;
    if (dueAt !== undefined) this.after(Math.max(0, dueAt - clock.at), () => this.#late());
    this.#wait();
  }

  #tellWaiting(dueAt: number | undefined): void {
    const { kind, name, schema } = this.#plan;
    const described = schema && jsonSchemaOf(schema);
    const wait = {
      kind,
      name,
      ...(dueAt === undefined ? {} : { dueAt }),
      ...(described === undefined ? {} : { schema: described }),
    };
    this.scope.journal?.opens(this.path, wait);
    this.owner?.tell({ type: 'step.waiting', wait });
  }

  #late(): void {
    const { id, timeoutMs, late } = this.#plan;
    if (late === undefined) this.fail(new StepTimeoutError(id, timeoutMs ?? 0));
    else this.succeed(late());
  }

  #wait(): void {
    let taken = false;
    const leave = this.scope.mailbox.take(this.#plan.name, (signal) => {
      taken = true;
      this.#leave = undefined;
      this.#came(signal);
    });
    if (!taken) this.#leave = leave;
  }

  #came({ payload, number }: Signal): void {
    const { clock, loop } = this.scope;
    clock.wake();
    this.#number = number;
    loop.enter(() => this.#check(payload));
  }

  /** It is used once it is known what it is worth: what a process ends before is given again. */
  #consume(): void {
    if (this.#number !== undefined) this.scope.journal?.consumed(this.#number);
    this.#number = undefined;
  }

  #check(payload: unknown): void {
    const { id, schema } = this.#plan;
    try {
      const checked = schema === undefined ? payload : admit({ input: schema }, payload, id);
      if (!(checked instanceof Pending)) return this.#answered(checked);
      whenChecked(
        checked,
        this,
        (answer) => this.#answered(answer),
        (error) => this.#refused(error),
      );
    } catch (error) {
      this.#refused(error);
    }
  }

  #answered(payload: unknown): void {
    const { name, answer } = this.#plan;
    this.#consume();
    this.owner?.tell({ type: 'step.resumed', cause: name });
    if (!this.active) return;
    let output: unknown;
    try {
      output = answer(payload, this.#input, name);
    } catch (error) {
      return this.fail(error);
    }
    this.succeed(output);
  }

  /** An answer that cannot be used is told of, and the next is waited for. */
  #refused(error: unknown): void {
    this.#consume();
    const message = `refused ${this.#plan.name}: ${textOf(error)}`;
    this.owner?.tell({ type: 'step.log', level: 'warn', message, error: toErrorRecord(error) });
    if (this.active) this.#wait();
  }

  override settling(): void {
    this.#leave?.();
  }

  override stop(): void {
    this.#leave?.();
  }
}

/** The JSON Schema of what a schema takes, if its library says it the standard way. */
function jsonSchemaOf(schema: Schema): unknown {
  const standard: object = schema['~standard'];
  const { jsonSchema } = standard as { jsonSchema?: { input?: (options: object) => unknown } };
  try {
    return jsonSchema?.input?.({ target: 'draft-2020-12' });
  } catch {
    return undefined;
  }
}
