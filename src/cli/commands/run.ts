import { collect, type Declare, withSkills } from './declare.ts';
import { withShowing } from './declare-kept.ts';

/** `tutti run`. */
export const run: Declare = ({ add, does }) => {
  const command = add('run <workflow>', 'Runs a workflow: a file (YAML, TOML, JSON), or a text.', [
    'tutti run workflow.yaml --input @input.json --set user.name=Ada',
    'tutti run "research AND sources THEN write" --skills ./skills.ts --input \'"tides"\'',
    'tutti run workflow.yaml --max-cost 0.50 --timeout 2m',
    'tutti run workflow.yaml --json | grep step.failed',
    'tutti run workflow.yaml --store tutti.db --idempotency-key order-17',
  ])
    .option('-i, --input <json>', 'what it is given: JSON, @file, or - for the standard input')
    .option('--set <path=value>', 'puts a value into the input; may be repeated', collect)
    .option('--max-cost <usd>', 'stops it when it has cost more than so many US dollars')
    .option('--timeout <duration>', 'gives up after so long, such as 30s or 5m')
    .option(
      '--store <place>',
      'keeps the run: in a file, or at a postgres:// URL (default: TUTTI_STORE, if set)',
    )
    .option('--run-id <id>', 'the id of the kept run')
    .option('--idempotency-key <key>', 'the same key, with the same input, is the same kept run')
    .option('--session <id>', 'groups kept runs');
  withSkills(withShowing(command)).action(
    does(async (target, options) => (await import('../run/run-command.ts')).runCommand(target, options)),
  );
};
