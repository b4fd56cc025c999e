import { collect, type Declare, withSkills } from './declare.ts';

/** `tutti run`. */
export const run: Declare = ({ add, does }) => {
  const command = add('run <workflow>', 'Runs a workflow: a file (YAML, TOML, JSON), or a text.', [
    'tutti run workflow.yaml --input @input.json --set user.name=Ada',
    'tutti run "research AND sources THEN write" --skills ./skills.ts --input \'"tides"\'',
    'tutti run workflow.yaml --max-cost 0.50 --timeout 2m',
    'tutti run workflow.yaml --json | grep step.failed',
  ])
    .option('-i, --input <json>', 'what it is given: JSON, @file, or - for the standard input')
    .option('--set <path=value>', 'puts a value into the input; may be repeated', collect)
    .option('--json', 'writes events as lines of JSON (NDJSON), as in a pipe')
    .option('-q, --quiet', 'tells how it ended, and nothing of the way there')
    .option('-v, --verbose', 'tells everything')
    .option('--max-cost <usd>', 'stops it when it has cost more than so many US dollars')
    .option('--timeout <duration>', 'gives up after so long, such as 30s or 5m');
  withSkills(command).action(
    does(async (target, options) => (await import('../run/run-command.ts')).runCommand(target, options)),
  );
};
