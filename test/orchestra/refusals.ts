import type { StoredRunState } from 'tutti/store';
import type { Scene } from './scene.ts';

/** A row of the table of what is refused: in which states, and what is asked for. */
export interface Refusal {
  readonly states: readonly StoredRunState[];
  readonly what: string;
  /** Its name, as the table has it. */
  readonly error: string;
  readonly asks: readonly ((scene: Scene) => Promise<unknown>)[];
}

/** All that is refused. */
export const refusals: readonly Refusal[] = [
  {
    states: ['completed', 'failed', 'cancelled'],
    what: '`pause`, `resume`, `cancel`, `signal`, `followUp`, `checkpoint`',
    error: '`RunEndedError`',
    asks: [
      ({ handle }) => handle.pause(),
      ({ handle }) => handle.resume(),
      ({ handle }) => handle.cancel(),
      ({ handle }) => handle.signal('go'),
      ({ handle }) => handle.followUp('and?'),
      (scene) => scene.ask(scene.handle.checkpoint()),
    ],
  },
  {
    states: ['pending', 'running', 'waiting', 'parked'],
    what: '`resume`',
    error: '`RunStateError`',
    asks: [({ handle }) => handle.resume()],
  },
  {
    states: ['pending', 'running', 'waiting', 'paused', 'completed', 'failed', 'cancelled'],
    what: '`migrate`',
    error: '`RunStateError`',
    asks: [({ orchestra }) => orchestra.migrate('r')],
  },
  {
    states: ['pending', 'running', 'waiting', 'paused', 'parked', 'completed'],
    what: '`retryFailed`',
    error: '`RunStateError`',
    asks: [({ orchestra }) => orchestra.retryFailed('r')],
  },
  {
    states: ['pending', 'running', 'waiting', 'paused', 'parked', 'completed', 'failed', 'cancelled'],
    what: '`approve`, `reject` without such an open approval',
    error: '`StaleApprovalError`',
    asks: [({ handle }) => handle.approve('legal'), ({ handle }) => handle.reject('legal')],
  },
];
