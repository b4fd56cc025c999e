import { AsideFrame } from './aside-frame.ts';
import { type Body, type BodyHost, BodyRun } from './body-run.ts';
import type { Cancellation } from './cancellation.ts';
import { admit, type Edge, Pending, release, whenChecked } from './edge.ts';
import { StepInterruptedError, textOf } from './errors.ts';
import { Frame, type Node } from './frame.ts';
import type { KeptBody } from './journal.ts';
import type { Owner, Reporter } from './owner.ts';
import type { Piece } from './piece.ts';
import type { Scope } from './scope.ts';

/** What a step does once its policies let it: adapts and checks the input, runs its inside, checks and adapts the output. */
export class AttemptNode implements Node {
  readonly name: string = '';
  readonly id: string;
  readonly edge: Edge;
  /** A body, or the structure that does the work. */
  readonly inside: Body | Node;
  readonly body: Body | undefined;
  /** Nothing is checked or adapted at its border, nor is its output put together of its partials. */
  readonly bare: boolean;

  constructor(id: string, edge: Edge, inside: Body | Node) {
    this.id = id;
    this.edge = edge;
    this.inside = inside;
    this.body = 'frame' in inside ? undefined : inside;
    const { using, input, output, map } = edge;
    this.bare = (using ?? input ?? output ?? map ?? this.body?.collect) === undefined;
  }

  get forgetsPartials(): boolean {
    return 'frame' in this.inside && this.inside.forgetsPartials === true;
  }

  /** What it gives, if a body gave `output` and streamed `partials` before, or {@link Pending}. */
  release(output: unknown, partials: unknown[] | undefined): unknown {
    const collect = this.body?.collect;
    const collected = collect === undefined ? output : collect((partials ?? []) as never[]);
    return release(this.edge, collected, this.id);
  }

  frame(parent: Frame, path: string, slot: number): Piece {
    return new AttemptFrame(this, parent, path, slot);
  }
}

/** What runs beside the own work of an attempt. */
interface Asides {
  readonly running: Set<AsideFrame>;
  /** The output, once the own work is done, while others still run. */
  output: { readonly value: unknown } | undefined;
}

export class AttemptFrame extends Frame implements BodyHost, KeptBody {
  protected readonly node: AttemptNode;
  #going: BodyRun | undefined;
  #asides: Asides | undefined;

  /** @param parent whose child it is, or the scope that it is the root of */
  constructor(node: AttemptNode, parent: Frame | Scope, path: string, slot: number) {
    const below = parent instanceof Frame;
    super(below ? parent.scopeOfChildren() : parent, below ? parent : undefined, path, slot);
    this.node = node;
  }

  begin(input: unknown): void {
    let admitted: unknown;
    try {
      admitted = admit(this.node.edge, input, this.node.id);
    } catch (error) {
      return this.refused(error);
    }
    if (admitted instanceof Pending) {
      whenChecked(
        admitted,
        this,
        (checked) => this.admitted(checked),
        (error) => this.refused(error),
      );
    } else this.admitted(admitted);
  }

  /** Its input cannot be adapted, or is not what its schema wants. */
  protected refused(error: unknown): void {
    this.fail(error);
  }

  /** Goes on with a checked input. */
  protected admitted(input: unknown): void {
    const { inside, body } = this.node;
    if (body === undefined) {
      this.spawn(inside as Node, input);
      return;
    }
    const { journal } = this.scope;
    if (journal === undefined) this.#run(input);
    else journal.admitBody(this, input);
  }

  /** Runs its body, which may have been running when the process ended. */
  runBody(input: unknown): void {
    const owner = this.ownerOfChildren() as Owner;
    if (!this.active) return;
    if (owner.interrupted()) {
      const error = new StepInterruptedError(owner.id);
      if (this.body.onCrash === 'fail') return this.fail(error);
      if (!owner.mayRetry(error)) return;
      owner.retrying(error, 0);
      if (!this.active) return;
      owner.restarted(true);
    }
    // The process may have ended after the one was told to be over, and before the next.
    else if (!owner.open) owner.restarted(true);
    if (!this.active) return;
    try {
      this.#run(input);
    } catch (error) {
      this.fail(error);
    }
  }

  #run(input: unknown): void {
    const { path, id, attempt } = this.reporter;
    const going = new BodyRun(this, path, id, attempt);
    this.#going = going;
    going.start(input);
  }

  get body(): Body {
    return this.node.inside as Body;
  }

  /** A body is always a step's. */
  get reporter(): Reporter {
    return this.ownerOfChildren() as Reporter;
  }

  /** Runs something beside its own work, which it waits for before it ends well. */
  runAside(inside: Node, input: unknown, path: string, scope: Scope): void {
    const aside = new AsideFrame(inside, scope, this, path);
    this.#asides ??= { running: new Set(), output: undefined };
    this.#asides.running.add(aside);
    aside.start(input);
  }

  /** Ends what runs beside its own work. */
  protected endAsides(cause: Cancellation): void {
    for (const aside of this.#asides?.running ?? []) aside.cancel(cause);
    this.#asides = undefined;
  }

  override childSucceeded(child: Piece, output: unknown): void {
    if (child instanceof AsideFrame) this.#asideEnded(child);
    else this.bodySucceeded(output);
  }

  override childFailed(child: Piece, error: unknown): void {
    if (child instanceof AsideFrame) this.#asideEnded(child);
    else super.childFailed(child, error);
  }

  #asideEnded(aside: AsideFrame): void {
    const asides = this.#asides;
    asides?.running.delete(aside);
    if (asides?.running.size === 0 && asides.output !== undefined) super.succeed(asides.output.value);
  }

  override succeed(output: unknown): void {
    if (this.#asides === undefined || this.#asides.running.size === 0) super.succeed(output);
    else this.#asides.output = { value: output };
  }

  bodySucceeded(output: unknown, partials?: unknown[]): void {
    if (this.node.bare) this.succeed(output);
    else this.#release(output, partials);
  }

  #release(output: unknown, partials: unknown[] | undefined): void {
    try {
      const released = this.node.release(output, partials);
      if (released instanceof Pending) whenChecked(released, this, (checked) => this.succeed(checked));
      else this.succeed(released);
    } catch (error) {
      this.fail(error);
    }
  }

  override stop(cause: Cancellation): void {
    try {
      this.#going?.stop(cause);
    } catch (error) {
      if (this.scope.writer.closed) throw error;
      const message = `its teardown threw: ${textOf(error)}`;
      this.ownerOfChildren()?.tell({ type: 'step.log', level: 'error', message });
    }
  }
}
