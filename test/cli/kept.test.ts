import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, inPipe, inTerminal } from './call.ts';
import { Project } from './project.ts';

const patience = 180_000;
const options = { timeout: patience };
let project: Project;

beforeAll(() => {
  project = Project.make();
  // A step that waits until a file is there: so a test decides how long it takes
  project.put(
    'skills.mjs',
    `import { step } from 'tutti';
import { appendFileSync, existsSync } from 'node:fs';

const note = (words) => appendFileSync(process.env.LEDGER, words + '\\n');
const waits = async (_, { signal, progress }) => {
  note('slow');
  progress(0.5, 'waiting');
  await new Promise((resolve, reject) => {
    const look = setInterval(() => {
      if (!existsSync(process.env.LEDGER + '.go')) return;
      clearInterval(look);
      resolve();
    }, 20);
    signal.addEventListener('abort', () => { clearInterval(look); reject(signal.reason); });
  });
  return 'slowly';
};
export const work = step('work', (_, ctx) => { note('work'); ctx.cost({ usd: 0.25 }); return 'worked'; });
export const slow = step('slow', waits);
export const fail = step('fail', () => {
  note('fail');
  if (existsSync(process.env.LEDGER + '.go')) return 'mended';
  throw new RangeError('no such luck');
});
`,
  );
  project.put(
    'letter.yaml',
    `name: letter
steps:
  - { id: draft, uses: work, input: {} }
  - { id: long, uses: slow, input: {}, dependsOn: draft }
  - { id: release, uses: approval, input: { text: $.steps.long.output } }
  - { id: done, uses: transform, input: { by: $.steps.release.output.by, text: $.steps.release.output.text } }
`,
  );
}, patience);

afterAll(() => project.remove());

/** A store of its own, and what the steps of its runs note. */
class Place {
  readonly store: string;
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
    this.store = `${name}.db`;
  }

  get #ledger(): string {
    return join(project.folder, `${this.#name}.ledger`);
  }

  get #env(): NodeJS.ProcessEnv {
    return { LEDGER: this.#ledger, TUTTI_STORE: this.store };
  }

  call(...args: readonly string[]): Call {
    return inPipe(project, args, { env: this.#env });
  }

  inTerminal(...args: readonly string[]): Call {
    return inTerminal(project, args, { env: this.#env, columns: 120 });
  }

  async ended(...args: readonly string[]): Promise<Call & { readonly ended: number | null }> {
    const call = this.call(...args);
    return Object.assign(call, { ended: await call.code });
  }

  /** Lets slow steps end, and mends those that fail. */
  go(): void {
    project.put(`${this.#name}.ledger.go`, '');
  }

  get notes(): readonly string[] {
    return readFileSync(this.#ledger, 'utf8').trimEnd().split('\n');
  }

  async shown(runId: string): Promise<Record<string, unknown>> {
    const show = await this.ended('show', runId, '--json');
    return JSON.parse(show.stdout);
  }
}

const run = ['run', 'letter.yaml', '--skills', 'skills.mjs'];

describe('tutti run --store', () => {
  it.concurrent('leaves a run on Ctrl-C, which resume goes on with, and approve ends', options, async () => {
    const place = new Place('left');
    const first = place.call(...run, '--run-id', 'order-17', '--session', 's1');
    await first.wrote('step.progress');
    first.process.kill('SIGINT');
    expect(await first.code).toBe(130);
    expect(first.events.map(({ type }) => type)).not.toContain('run.cancelled');
    expect(first.stderr).toContain(
      'run order-17 is kept: tutti resume order-17 --store left.db goes on with it, tutti cancel order-17 --store left.db ends it',
    );
    const listed = await place.ended('runs');
    expect(listed.stdout).toMatch(/order-17 +letter +running, left +\d{4}-\d\d-\d\d .* \$0\.25\n$/);

    place.go();
    const second = place.call('resume', 'order');
    await second.wrote('step.waiting');
    expect(second.events[0]).toMatchObject({ type: 'run.resumed', cause: 'recovered' });
    second.process.kill('SIGINT');
    expect(await second.code).toBe(130);

    const waiting = await place.ended('show', 'order-17');
    expect(waiting.stdout).toMatch(/^order-17 {2}letter 1\nwaiting {2}.*\n.*session s1/);
    expect(waiting.stdout).toMatch(/✔ long {2}attempt 2/);
    expect(waiting.stdout).toContain(
      '◷ /release  waits for an approval: tutti approve order-17 release, or reject',
    );
    const wrong = await place.ended('approve', 'order-17', 'realease');
    expect(wrong).toMatchObject({ ended: 2 });
    expect(wrong.stderr).toContain('does not wait for approval realease; it waits for release');

    const approved = await place.ended('approve', 'order-17', '--by', 'Ada', '--comment', 'fine');
    expect(approved).toMatchObject({ ended: 0, stderr: '' });
    expect(approved.events.at(-1)).toMatchObject({ output: { by: 'Ada', text: 'slowly' } });
    expect(place.notes).toEqual(['work', 'slow', 'slow']);
    expect(await place.shown('order-17')).toMatchObject({
      state: 'completed',
      costUsd: 0.25,
      sessionId: 's1',
      waits: [],
    });
    const late = await place.ended('resume', 'order-17');
    expect(late).toMatchObject({ ended: 2, stdout: '' });
    expect(late.stderr).toMatch(/^tutti: run order-17 has ended: it is completed\n"tutti show"/);
    const events = await place.ended('show', 'order-17', '--events', '--json');
    expect(events.events.map(({ seq }) => seq)).toEqual(events.events.map((_, index) => index));
    const words = await place.ended('show', 'order-17', '--events');
    expect(words.stdout).toMatch(/\n +\d+ +\+\d+\.\d{3} s {2}step\.retrying {5}\/long /);
  });

  it.concurrent(
    'lets recover take up what was killed, and repeats nothing that completed',
    options,
    async () => {
      const place = new Place('killed');
      const first = place.call(...run, '--run-id', 'k');
      await first.wrote('step.progress');
      first.process.kill('SIGKILL');
      expect(await first.code).toBe(null);
      place.go();
      const recovered = await place.ended('recover');
      expect(recovered.stderr).toMatch(
        /1 more may have been left[\s\S]*run k waits: tutti show k says for what/,
      );
      expect(recovered).toMatchObject({ ended: 0 });
      expect(recovered.events[0]).toMatchObject({ runId: 'k', type: 'run.resumed' });
      expect(place.notes).toEqual(['work', 'slow', 'slow']);
      expect(await place.shown('k')).toMatchObject({
        state: 'waiting',
        waits: [{ kind: 'approval', name: 'release' }],
      });

      // The answer alone runs nothing; what is answered is taken up by the next to recover.
      const rejected = await place.ended('reject', 'k', '--comment', 'not yet', '--no-run');
      expect(rejected).toMatchObject({ ended: 0, stdout: '', stderr: 'tutti: rejected release of run k\n' });
      expect(await place.shown('k')).toMatchObject({ state: 'waiting' });
      const again = await place.ended('recover');
      expect(again).toMatchObject({ ended: 1 });
      expect(again.events.at(-1)).toMatchObject({ type: 'run.failed', error: { code: 'APPROVAL_REJECTED' } });
      const nothing = await place.ended('recover');
      expect(nothing).toMatchObject({ ended: 0, stderr: 'tutti: there is nothing to take up\n' });
    },
  );

  it.concurrent('gives the same run for the same idempotency key', options, async () => {
    const place = new Place('same');
    const args = ['run', 'work', '--skills', 'skills.mjs', '--idempotency-key', 'k', '--set', 'n=1'];
    const [first, second] = [await place.ended(...args), await place.ended(...args)];
    expect([first.ended, second.ended]).toEqual([0, 0]);
    expect(second.stdout).toBe(first.stdout);
    expect(place.notes).toEqual(['work']);
    const other = await place.ended(...args.slice(0, -1), 'n=2');
    expect(other).toMatchObject({ ended: 2, stdout: '' });
    expect(other.stderr).toContain('the idempotency key "k" stands for run');
  });

  it.concurrent('says in a terminal how to answer, and leaves the run on Ctrl-C', options, async () => {
    const place = new Place('seen');
    place.go();
    const call = place.inTerminal(...run, '--run-id', 't');
    await call.wrote('tutti approve t release');
    expect(call.text).toContain(
      'release: waits for an approval: tutti approve t release --store seen.db, or reject',
    );
    call.process.stdin?.write('\u0003');
    expect(await call.code).toBe(130);
    expect(call.text).toContain('run t waits: tutti show t --store seen.db says for what');
    const done = place.inTerminal('approve', 't', '--by', 'Ada');
    expect(await done.code).toBe(0);
    expect(done.text).toMatch(/✔ draft .*\n✔ long .*\n✔ release .*\n✔ done /);
    expect(done.text).toMatch(/total +completed/);
  });
});

describe('tutti fork', () => {
  it.concurrent('keeps what completed, and runs again what failed, or from a step on', options, async () => {
    const place = new Place('forked');
    const failed = await place.ended('run', 'work THEN fail', '--skills', 'skills.mjs', '--run-id', 'f');
    expect(failed).toMatchObject({ ended: 1 });
    place.go();
    const mended = await place.ended('fork', 'f');
    expect(mended).toMatchObject({ ended: 0 });
    expect(mended.stderr).toMatch(/^tutti: run \S+ is forked from f\n$/);
    expect(mended.events.at(-1)).toMatchObject({ type: 'run.completed', output: 'mended' });
    expect(place.notes).toEqual(['work', 'fail', 'fail']);
    const from = await place.ended('fork', 'f', '--from', 'work');
    expect(from).toMatchObject({ ended: 0 });
    expect(place.notes).toEqual(['work', 'fail', 'fail', 'work', 'fail']);
    const unknown = await place.ended('fork', 'f', '--from', 'write');
    expect(unknown).toMatchObject({ ended: 2 });
    expect(unknown.stderr).toMatch(/run f has begun no step write; it has begun /);
    const listed = await place.ended('runs', '--json', '--state', 'completed');
    const runs = listed.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(runs).toMatchObject([{ forkedFrom: { runId: 'f' } }, { forkedFrom: { runId: 'f' } }]);
  });
});

describe('tutti pause and cancel', () => {
  it.concurrent('reach a run in another process, and one that nobody runs', options, async () => {
    const place = new Place('paused');
    const text = 'slow THEN work';
    const first = place.call('run', text, '--skills', 'skills.mjs', '--run-id', 'p');
    await first.wrote('step.progress');
    const paused = await place.ended('pause', 'p', '--reason', 'lunch');
    expect(paused).toMatchObject({ ended: 0, stdout: 'run p is paused\n' });
    place.go();
    await first.wrote('step.completed');
    first.process.kill('SIGINT');
    expect(await first.code).toBe(130);
    expect(first.stderr).toContain('run p is paused: tutti resume p --store paused.db goes on with it');
    expect(place.notes).toEqual(['slow']);
    const cancelled = await place.ended('cancel', 'p', '--reason', 'no more', '--json');
    expect(cancelled).toMatchObject({ ended: 0 });
    expect(JSON.parse(cancelled.stdout)).toMatchObject({ state: 'cancelled', reason: 'no more' });
    expect(place.notes).toEqual(['slow']);
  });
});

describe('tutti with a store, refused', () => {
  it.concurrent('says in one message what is wrong', options, async () => {
    const place = new Place('none');
    project.put('empty.db', '');
    project.put('gone.mjs', "import { step } from 'tutti';\nexport const gone = step('gone', () => 1);");
    const refused = async (code: number, ...args: readonly string[]): Promise<string> => {
      const call = await place.ended(...args);
      expect({ code: call.ended, stdout: call.stdout }).toEqual({ code, stdout: '' });
      return call.stderr;
    };
    expect(await refused(2, 'runs')).toBe(
      'tutti: there is no store none.db; "tutti run ... --store none.db" makes one\n',
    );
    const bare = inPipe(project, ['runs'], { env: { TUTTI_STORE: '' } });
    expect(await bare.code).toBe(2);
    expect(bare.stderr).toBe(
      'tutti: there is no tutti.db here: name the store with --store or TUTTI_STORE (a file, or a postgres:// URL)\n',
    );
    const unkept = inPipe(project, ['run', 'log', '--run-id', 'x'], { env: { TUTTI_STORE: '' } });
    expect(await unkept.code).toBe(2);
    expect(unkept.stderr).toContain('--run-id is for runs that are kept: name a store with --store');
    expect(await refused(1, 'runs', '--store', 'empty.db')).toMatch(
      /empty\.db is empty: .*\nit is left as it is/,
    );
    expect(await refused(2, 'runs', '--store', 'mysql://u:secret@h/d')).not.toContain('secret');
    const ran = await place.ended(
      'run',
      'gone THEN wait_for',
      '--skills',
      'gone.mjs',
      '--run-id',
      'g1',
      '--timeout',
      '1ms',
    );
    expect(ran).toMatchObject({ ended: 1 });
    await place.ended('run', 'gone', '--skills', 'gone.mjs', '--run-id', 'g2');
    expect(await refused(2, 'show', 'x')).toBe(
      'tutti: there is no run x\n"tutti runs" lists the runs of the store\n',
    );
    expect(await refused(2, 'show', 'g')).toMatch(
      /^tutti: several runs begin with g; write more of the id:\n {2}g\d\n {2}g\d\n$/,
    );
    expect(await refused(2, 'run', 'gone', '--skills', 'gone.mjs', '--run-id', 'g1')).toMatch(
      /there is a run g1 already\n/,
    );
    expect(await refused(2, 'runs', '--state', 'done')).toContain(
      '--state done: there are pending, running, waiting',
    );
    project.put('gone.mjs', "import { step } from 'tutti';\nexport const other = step('other', () => 1);");
    expect(await refused(2, 'fork', 'g1')).toMatch(/there is no skill "gone"/);
  });
});
