import { sleep, waitFor } from 'tutti/operators';
import type { Scene } from './scene.ts';

/** A row of the table of states: how the run gets to `from`, and what is done then. */
export interface Transition {
  readonly from: string;
  readonly when: string;
  readonly to: string;
  /** Steps that were open are not told of any more, as the definition does not come to them. */
  readonly leavesOpen?: boolean;
  play(scene: Scene): Promise<() => unknown>;
}

const failure = new RangeError('no');

/** All ways from state to state. */
export const transitions: readonly Transition[] = [
  {
    from: 'none',
    when: '`start` writes it down',
    to: 'pending',
    play: async (scene) => async () => {
      scene.killAtCommit();
      await scene.start(scene.work('a'));
    },
  },
  {
    from: 'pending',
    when: 'a process begins it, as a rule the one that started it, at once',
    to: 'running',
    play: async (scene) => {
      await scene.bring('pending');
      return () => scene.orchestra.recover();
    },
  },
  {
    from: 'pending',
    when: '`pause`',
    to: 'paused',
    play: async (scene) => {
      await scene.bring('pending');
      return () => scene.handle.pause();
    },
  },
  {
    from: 'pending',
    when: '`cancel`',
    to: 'cancelled',
    play: async (scene) => {
      await scene.bring('pending');
      return () => scene.handle.cancel();
    },
  },
  {
    from: 'running',
    when: 'all that is under way in it waits: `waitFor`, `approval`, `sleep`, `followUps`',
    to: 'waiting',
    play: async (scene) => {
      await scene.start(scene.work('a'), waitFor('go'));
      return () => scene.pass(1000);
    },
  },
  {
    from: 'running',
    when: '`pause`',
    to: 'paused',
    play: async (scene) => {
      await scene.bring('running');
      return () => scene.handle.pause();
    },
  },
  {
    from: 'running',
    when: 'its last step completes',
    to: 'completed',
    play: async (scene) => {
      await scene.bring('running');
      return () => scene.pass(2000);
    },
  },
  {
    from: 'running',
    when: 'a step fails, and nothing handles that',
    to: 'failed',
    play: async (scene) => {
      await scene.start(scene.work('a', 1000, failure));
      return () => scene.pass(1000);
    },
  },
  {
    from: 'running',
    when: '`cancel`',
    to: 'cancelled',
    play: async (scene) => {
      await scene.bring('running');
      return () => scene.handle.cancel();
    },
  },
  {
    from: 'running',
    when: 'its process ends; another takes it up',
    to: 'running',
    play: async (scene) => {
      await scene.bring('running');
      return async () => {
        await scene.restart(scene.work('a'), scene.work('b'));
        await scene.ask(scene.orchestra.recover());
      };
    },
  },
  {
    from: 'running',
    when: 'its process ends; one whose definition does not fit takes it up',
    to: 'parked',
    play: async (scene) => {
      await scene.bring('running');
      return async () => {
        await scene.restart(scene.work('z'), scene.work('b'));
        await scene.ask(scene.orchestra.recover());
      };
    },
  },
  {
    from: 'waiting',
    when: 'the signal comes',
    to: 'running',
    play: async (scene) => {
      await scene.start(waitFor('go'), scene.work('a'));
      return () => scene.handle.signal('go');
    },
  },
  {
    from: 'waiting',
    when: 'the time comes',
    to: 'running',
    play: async (scene) => {
      await scene.start(sleep(1000), scene.work('a'));
      return () => scene.pass(1000);
    },
  },
  {
    from: 'waiting',
    when: 'the `timeout` of the wait is over',
    to: 'failed',
    play: async (scene) => {
      await scene.start(waitFor('go', { timeout: 1000 }));
      return () => scene.pass(1000);
    },
  },
  {
    from: 'waiting',
    when: '`pause`',
    to: 'paused',
    play: async (scene) => {
      await scene.bring('waiting');
      return () => scene.handle.pause();
    },
  },
  {
    from: 'waiting',
    when: '`cancel`',
    to: 'cancelled',
    play: async (scene) => {
      await scene.bring('waiting');
      return () => scene.handle.cancel();
    },
  },
  {
    from: 'waiting',
    when: '`evictAfter` is over: it leaves the memory, and nobody owns it',
    to: 'waiting',
    play: async (scene) => {
      await scene.bring('waiting');
      return () => leaves(scene);
    },
  },
  {
    from: 'waiting',
    when: 'a process whose definition does not fit takes it up',
    to: 'parked',
    play: async (scene) => {
      await scene.bring('waiting');
      return async () => {
        await scene.restart(waitFor('other'));
        await scene.handle.signal('go');
      };
    },
  },
  {
    from: 'paused',
    when: '`pause`',
    to: 'paused',
    play: async (scene) => {
      await scene.bring('paused');
      return () => scene.handle.pause();
    },
  },
  {
    from: 'paused',
    when: '`resume`',
    to: 'running',
    play: async (scene) => {
      await scene.bring('paused');
      return () => scene.handle.resume();
    },
  },
  {
    from: 'paused',
    when: '`resume`, and all that is under way waits',
    to: 'waiting',
    play: async (scene) => {
      await scene.bring('waiting');
      await scene.ask(scene.handle.pause());
      return () => scene.handle.resume();
    },
  },
  {
    from: 'paused',
    when: 'the signal comes: the wait ends, nothing new begins',
    to: 'paused',
    play: async (scene) => {
      await scene.start(waitFor('go'), scene.work('a', 1));
      await scene.ask(scene.handle.pause());
      return () => scene.handle.signal('go');
    },
  },
  {
    from: 'paused',
    when: 'what was under way completes, and was the last',
    to: 'completed',
    play: async (scene) => {
      await scene.start(scene.work('a'));
      await scene.ask(scene.handle.pause());
      return () => scene.pass(1000);
    },
  },
  {
    from: 'paused',
    when: 'what was under way fails, and nothing handles that',
    to: 'failed',
    play: async (scene) => {
      await scene.start(scene.work('a', 1000, failure), scene.work('b'));
      await scene.ask(scene.handle.pause());
      return () => scene.pass(1000);
    },
  },
  {
    from: 'paused',
    when: '`cancel`',
    to: 'cancelled',
    play: async (scene) => {
      await scene.bring('paused');
      return () => scene.handle.cancel();
    },
  },
  {
    from: 'paused',
    when: '`evictAfter` is over: it leaves the memory, and nobody owns it',
    to: 'paused',
    play: async (scene) => {
      await scene.bring('paused');
      return () => leaves(scene);
    },
  },
  {
    from: 'parked',
    when: '`migrate`, and the definition fits',
    to: 'running',
    play: async (scene) => {
      await scene.bring('parked');
      await scene.restart(scene.work('a'), scene.work('b'));
      return () => scene.orchestra.migrate('r');
    },
  },
  {
    from: 'parked',
    when: '`migrate`, and the definition does not fit',
    to: 'parked',
    play: async (scene) => {
      await scene.bring('parked');
      return () => scene.orchestra.migrate('r');
    },
  },
  {
    from: 'parked',
    when: '`cancel`, and the definition fits',
    to: 'cancelled',
    play: async (scene) => {
      await scene.bring('parked');
      await scene.restart(scene.work('a'), scene.work('b'));
      return () => scene.handle.cancel();
    },
  },
  {
    from: 'parked',
    when: '`cancel`, and the definition does not fit: nothing is undone',
    to: 'cancelled',
    leavesOpen: true,
    play: async (scene) => {
      await scene.bring('parked');
      return () => scene.handle.cancel();
    },
  },
];

async function leaves(scene: Scene): Promise<void> {
  await scene.pass(20_000);
  if (scene.hasOwner) throw new RangeError('it has an owner still');
}
