import fc from 'fast-check';
import { run, step } from 'tutti';
import { checkEvents } from 'tutti/testing';
import { compile, parse, skillTable, type TaskInput } from 'tutti/text';
import { describe, expect, it } from 'vitest';
import { type Recorded, record } from '../operators/record.ts';
import { anyText, names } from './any-text.ts';
import { providers } from './examples.ts';
import { type Foretold, foretell } from './model.ts';

const numRuns = Math.min(Number(process.env.TUTTI_PROPERTY_RUNS ?? 1000), 50_000);
const seed = Number(process.env.TUTTI_PROPERTY_SEED ?? 20_260);

/** What comes of a text, in the words of the model. */
function comeOf(
  text: string,
  fails: (call: number) => boolean,
): Foretold & { readonly played: Recorded<unknown> } {
  const log: string[] = [];
  const count = step('count', ({ task, previous, failures }: TaskInput) => {
    const given = previous.map(({ output }) => output).join(',');
    const call = log.push(`${task} <- ${given}${'!'.repeat(failures.length)}`);
    if (fails(call)) throw new Error(`${call}`);
    return call;
  });
  const resolver = skillTable({ defaultSkill: count });
  const workflow = compile(text, {
    resolver: { ...resolver, agent: () => count },
    providers,
    defaults: { retry: { maxRetries: 0, on: () => false } },
  });
  const played = record(run(workflow, 'in'));
  return { log, end: endOf(played), played };
}

function endOf({ end }: Recorded<unknown>): string {
  if (end.type === 'run.completed')
    return typeof end.output === 'object' ? Object.values(end.output ?? {}).join(',') : String(end.output);
  if (end.type !== 'run.failed') return end.type;
  return `${/^(\d+) tasks failed/.exec(end.error.message)?.[1] ?? 1} failed`;
}

describe('any text that means something', () => {
  it('does what it means, and keeps the laws of events', { timeout: 1_800_000 }, () => {
    const seen = { completed: 0, failed: 0, handled: 0 };
    const property = fc.property(anyText, fc.array(fc.boolean(), { maxLength: 12 }), (text, bits) => {
      const fails = (call: number): boolean => bits[call - 1] ?? false;
      const { played, ...come } = comeOf(text, fails);
      expect(come).toEqual(foretell(parse(text, { providers: names }), fails));
      expect(checkEvents(played.events)).toEqual([]);
      const failed = played.all('step.failed').length > 0;
      seen[played.end.type === 'run.failed' ? 'failed' : failed ? 'handled' : 'completed']++;
    });
    fc.assert(property, { numRuns, seed });
    // All kinds of ends are met, or the comparison says little.
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(numRuns / 20);
  });
});
