import type { NewSignal, StoredSignal } from '../batch.ts';
import { LeaseLostError, RunEndedError, StoreConflictError } from '../errors.ts';
import { unpack } from '../pack.ts';
import type { PackedBatch, PackedPatch, RunValue } from '../packed.ts';
import { isEnded, type Lease, type LeaseRequest, type StoredRun } from '../stored-run.ts';

type Facts = Omit<StoredRun, RunValue>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface KeptWait {
  readonly path: string;
  readonly name: string;
  readonly dueAt: number | null;
  readonly body: string;
  closedSeq?: number;
}

interface KeptSignal extends Omit<StoredSignal, 'payload' | 'consumedSeq'> {
  readonly payload: string;
  consumedSeq?: number;
}

/** One run of a {@link memoryStore}: every change is checked as a whole before any of it is made. */
export class MemoryRun {
  readonly facts: Mutable<Facts>;
  readonly values = new Map<RunValue, string>();
  readonly events: string[] = [];
  readonly entries = new Map<string, string>();
  readonly waits: KeptWait[] = [];
  readonly signals: KeptSignal[] = [];
  readonly checkpoints: PackedBatch['checkpoints'][number][] = [];
  readonly extras: string[] = [];
  #last = '';

  constructor(facts: Facts) {
    this.facts = { ...facts };
  }

  get row(): StoredRun {
    const values = [...this.values].map(([name, text]) => [name, unpack(`the run's ${name}`, text)]);
    return { ...this.facts, ...Object.fromEntries(values) } as StoredRun;
  }

  get leased(): Lease | undefined {
    const { runId, owner, epoch, leaseUntil } = this.facts;
    if (owner === undefined || leaseUntil === undefined) return undefined;
    return { runId, owner, epoch, until: leaseUntil };
  }

  lease({ owner, ms }: LeaseRequest, now: number): Lease {
    const { facts } = this;
    Object.assign(facts, { owner, leaseUntil: now + ms, epoch: facts.epoch + 1, commits: 0 });
    return { runId: facts.runId, owner, epoch: facts.epoch, until: now + ms };
  }

  release(): void {
    delete this.facts.owner;
    delete this.facts.leaseUntil;
  }

  /** Whether it was written now, and not before. */
  commit(epoch: number, batch: PackedBatch): boolean {
    const { facts } = this;
    if (epoch !== facts.epoch) throw new LeaseLostError(facts.runId, epoch);
    const text = JSON.stringify(batch);
    if (batch.number === facts.commits && facts.commits > 0) {
      if (text === this.#last) return false;
      throw this.#conflict(`commit ${batch.number} was made with another content`);
    }
    if (isEnded(facts.state)) throw new RunEndedError(facts.runId, facts.state);
    if (facts.owner === undefined) throw new LeaseLostError(facts.runId, epoch);
    if (batch.number !== facts.commits + 1)
      throw this.#conflict(`commit ${batch.number} does not follow on commit ${facts.commits}`);
    this.check(batch);
    this.write(batch);
    facts.commits = batch.number;
    this.#last = text;
    if (batch.release || isEnded(facts.state)) this.release();
    return true;
  }

  check(batch: PackedBatch): void {
    const { nextSeq } = this.facts;
    const [first] = batch.events;
    if (first !== undefined && first.seq !== nextSeq)
      throw this.#conflict(`event ${first.seq} does not follow on event ${nextSeq - 1}`);
    const keys = batch.entries.map(({ path, key }) => `${path} ${key}`);
    if (new Set(keys).size < keys.length || keys.some((key) => this.entries.has(key)))
      throw this.#conflict('a journal entry is there already');
    const open = new Set(this.waits.filter(isOpen).map(({ path }) => path));
    for (const { path } of batch.closes)
      if (!open.delete(path)) throw this.#conflict(`no wait is open at ${path}`);
    for (const { path } of batch.opens) {
      if (open.has(path)) throw this.#conflict(`a wait is open at ${path} already`);
      open.add(path);
    }
    const used = new Set<number>();
    for (const { number } of batch.consumes) {
      const unused = this.signals[number]?.consumedSeq === undefined && !used.has(number);
      if (!this.signals[number] || !unused) throw this.#conflict(`signal ${number} is not there to be used`);
      used.add(number);
    }
  }

  write(batch: PackedBatch): void {
    this.facts.nextSeq += batch.events.length;
    for (const { body } of batch.events) this.events.push(body);
    for (const { path, key, body } of batch.entries) this.entries.set(`${path} ${key}`, body);
    for (const { path, seq } of batch.closes)
      for (const wait of this.waits) if (wait.path === path && isOpen(wait)) wait.closedSeq = seq;
    for (const { path, name, dueAt, body } of batch.opens) this.waits.push({ path, name, dueAt, body });
    for (const { number, seq } of batch.consumes) this.signals[number]!.consumedSeq = seq;
    this.checkpoints.push(...batch.checkpoints);
    for (const { body } of batch.extras) this.extras.push(body);
    this.#patch(batch.patch);
  }

  #patch({ facts, values }: PackedPatch): void {
    Object.assign(this.facts, Object.fromEntries(Object.entries(facts).filter(([, v]) => v !== undefined)));
    for (const [name, text] of values) this.values.set(name, text);
  }

  /** What is kept of a signal, and whether it came in now. */
  signal({ id, channel, name }: NewSignal, payload: string, receivedAt: number): [KeptSignal, boolean] {
    const { runId, state, nextSeq } = this.facts;
    const known = this.signals.find((signal) => signal.id === id);
    if (known) {
      if (known.channel === channel && known.name === name && known.payload === payload)
        return [known, false];
      throw this.#conflict(`signal ${id} came in with another content`);
    }
    if (isEnded(state)) throw new RunEndedError(runId, state);
    const kept: KeptSignal = {
      ...{ id, channel, name, payload, receivedAt },
      ...{ number: this.signals.length, receivedSeq: nextSeq - 1 },
    };
    this.signals.push(kept);
    return [kept, true];
  }

  #conflict(what: string): StoreConflictError {
    return new StoreConflictError(this.facts.runId, what);
  }
}

/** A wait that is not over. */
export function isOpen(wait: { readonly closedSeq?: number }): boolean {
  return wait.closedSeq === undefined;
}
