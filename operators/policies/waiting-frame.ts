import type { Wait } from '../../src/core/events.ts';
import { PolicyFrame } from '../../src/core/policy-frame.ts';
import type { Waiter } from './waiting-line.ts';

/** A policy that may keep what it is around waiting for something that many runs share. */
export abstract class WaitingFrame<Options> extends PolicyFrame<Options> implements Waiter {
  #wait: Wait | undefined;

  /** Tells that it waits; it has joined the line before, for who hears of it may end it. */
  protected tellWaiting(input: unknown, wait: Wait): void {
    this.input = input;
    this.#wait = wait;
    this.owner?.tell({ type: 'step.waiting', wait });
  }

  /** Comes from whoever made room, who may be another run. */
  admit(): void {
    const { clock, loop } = this.scope;
    clock.wake();
    loop.enter(() => this.#goOn());
  }

  #goOn(): void {
    try {
      this.owner?.tell({ type: 'step.resumed', cause: this.#wait?.name ?? '' });
      this.spawn(this.inside, this.input);
    } catch (error) {
      this.fail(error);
    }
  }

  override settling(): void {
    this.leave();
  }

  override stop(): void {
    this.leave();
  }

  /** It has ended: it waits no more, and frees what others may wait for. */
  protected abstract leave(): void;
}
