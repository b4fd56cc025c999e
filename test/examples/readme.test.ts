import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { map, mergeMap, type Observable, of, throwError, timer } from 'rxjs';
import { type RunEvent, run, type Signal, type Step } from 'tutti';
import {
  approval,
  assign,
  background,
  branch,
  cache,
  eventsOf,
  fallback,
  followUps,
  graph,
  loop,
  mapEach,
  mapReduce,
  named,
  outputs,
  parallel,
  partials,
  patched,
  race,
  recover,
  retry,
  route,
  sequence,
  sleep,
  text,
  timeout,
  transform,
  values,
  waitFor,
} from 'tutti/operators';
import { fakeStep, type MarblesContext, marbles } from 'tutti/testing';
import { describe, expect, it } from 'vitest';
import { root, runFile } from './run-file.ts';

const readme = await readFile(`${root}README.md`, 'utf8');
const shown = [...readme.matchAll(/```ts\n((?:(?!```).)*)```\n\n```text\n((?:(?!```).)*)```/gs)].map(
  ([, code, output], n) => ({
    n: n + 1,
    code: code ?? '',
    output: output ?? '',
  }),
);

describe('README', () => {
  it.each(shown)('shows what its program $n prints', { timeout: 60_000 }, async ({ n, code, output }) => {
    await mkdir(`${root}.cache/readme`, { recursive: true });
    await writeFile(`${root}.cache/readme/${n}.ts`, code);
    const { code: exit, lines, stderr } = await runFile(`.cache/readme/${n}.ts`);
    expect({ exit, stderr, output: `${lines.join('\n')}\n` }).toEqual({ exit: 0, stderr: '', output });
  });

  it('shows programs with their output', () => expect(shown.length).toBeGreaterThanOrEqual(3));

  it('shows the test of a step as it is run', async () => {
    const test = await readFile(new URL('testing-a-step.test.ts', import.meta.url), 'utf8');
    expect(readme).toContain(`\`\`\`ts\n${test}\`\`\``);
  });
});

/** What the tables of operators show, by the beginning of the row. */
const shownSteps: Readonly<Record<string, (m: MarblesContext) => Step<string, unknown, unknown>>> = {
  'sequence(': (m) => sequence(a(m), b(m)),
  'parallel(': (m) => parallel({ a: a(m), b: b(m) }).map(() => 'R'),
  'race(': (m) => race([a(m), b(m)]),
  'mapEach(': (m) => mapEach(a(m), { over: (text: string) => [text, text] }).map(() => 'L'),
  'mapReduce(': (m) => mapReduce(a(m), b(m), { over: (text: string) => [text, text] }),
  'branch(': (m) => branch((input) => input === 'I', a(m), b(m)),
  'route(': (m) => route<string>().case('I', a(m)).otherwise(b(m)),
  'loop(': (m) => loop(a(m), { max: 3 }),
  'graph(': (m) =>
    graph<string>()
      .node('a', a(m))
      .node('b', b(m), { after: ['a'] }),
  'assign(': (m) =>
    assign({ a: a(m) })
      .using((text: string) => ({ text }))
      .map(() => 'R'),
  'transform(': () => transform(() => 'F'),
  'named(': (m) => named('n', a(m)),
  'sleep(': () => sleep<string>('3ms'),
  'waitFor(': () => waitFor('paid'),
  'approval(': () => approval({ name: 'ok' }),
  'followUps(': (m) => followUps(a(m), { timeout: '4ms' }),
  'background(': (m) => background(b(m)),
  'patched(': (m) => patched('v2', b(m), a(m)),
  'retry(': (m) => bad(m).with(retry({ maxRetries: 1, delay: 3 })),
  'timeout(': (m) => a(m).with(timeout('1ms')),
  'fallback(': (m) => bad(m).with(fallback(b(m))),
  'recover(': (m) => bad(m).with(recover(() => 'F')),
};

const a = (m: MarblesContext) => fakeStep(m, 'a', '--(A|)');
const b = (m: MarblesContext) => fakeStep(m, 'b', '---(B|)');
const bad = (m: MarblesContext) => fakeStep(m, 'bad', '--#');
const c = (m: MarblesContext) => fakeStep(m, 'c', '-xy|');

function outcome(step: Step<string, unknown, unknown>): Observable<unknown> {
  const signals: Signal[] = [
    { name: 'paid', payload: 'S' },
    { name: 'ok', payload: { approved: true } },
  ];
  const signals$ = timer(2).pipe(mergeMap(() => signals));
  return run(step, 'I', { signals$ }).pipe(
    mergeMap((event) => {
      if (event.type === 'run.failed') return throwError(() => 'error');
      return event.type === 'run.completed' ? of(event.output) : [];
    }),
  );
}

describe("the README's tables of operators", () => {
  it.each(Object.entries(shownSteps))('show when %s...) gives its output', (start, make) => {
    marbles((m) => m.expect(outcome(make(m))).toBeObservable(marbleOf(start)))();
  });

  it('show what is made of the events of a run', () => {
    marbles((m) => {
      const step = c(m);
      const events$ = run(step, 'I');
      const letter = ({ type }: RunEvent) => ({ 'step.started': 'S', 'step.completed': 'C' })[String(type)];
      m.expect(events$.pipe(partials(step))).toBeObservable(marbleOf('partials('));
      m.expect(events$.pipe(outputs(step))).toBeObservable(marbleOf('outputs('));
      m.expect(
        events$.pipe(
          text(step),
          map((so) => (so.text === 'x' ? 's' : 't')),
        ),
      ).toBeObservable(marbleOf('text('));
      m.expect(
        events$.pipe(
          eventsOf(step),
          map((event) => (event.type === 'step.partial' ? event.chunk : letter(event))),
        ),
      ).toBeObservable(marbleOf('eventsOf('));
      m.expect(of('I').pipe(a(m), values())).toBeObservable(marbleOf('values('));
    })();
  });

  it(
    'show that a cache answers at once',
    marbles((m) => {
      const cached = a(m).with(cache());
      const twice = outcome(cached).pipe(mergeMap(() => outcome(cached)));
      m.expect(outcome(cached)).toBeObservable('--(A|)');
      m.expect(twice).toBeObservable('--(A|)');
      expect(rowOf('cache(')).toContain('`--(A|)`, then `(A|)`');
    }),
  );

  it('name every operator', async () => {
    const operators = await import('tutti/operators');
    const missing = Object.keys(operators).filter((name) => !readme.includes(`${name}(`));
    expect(missing).toEqual([]);
  });
});

function rowOf(start: string): string {
  const row = readme.split('\n').find((line) => line.startsWith(`| \`${start}`));
  return (row ?? '').replaceAll('\\|', '|');
}

function marbleOf(start: string): string {
  return /`([^`]*)` \|$/.exec(rowOf(start))?.[1] ?? 'no row';
}
