import { Command, CommanderError } from 'commander';
import { exitCode } from './exit-code.ts';
import { examplesOf, exitCodes } from './help.ts';
import { ownVersion } from './own-version.ts';
import { reportError } from './report-error.ts';

/** Does what a command line says, and gives what the process is to end with. Each command is loaded when it is called. */
export async function program(argv: readonly string[]): Promise<number> {
  let code: number = exitCode.completed;
  const does =
    <A extends readonly unknown[]>(action: (...args: A) => Promise<number>) =>
    async (...args: A): Promise<void> => {
      code = await action(...args);
    };
  try {
    await commands(does).parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportError(error);
    return error.exitCode === 0 ? exitCode.completed : exitCode.refused;
  }
}

type Does = <A extends readonly unknown[]>(
  action: (...args: A) => Promise<number>,
) => (...args: A) => Promise<void>;

function commands(does: Does): Command {
  const tutti = new Command('tutti')
    .description('Runs and checks workflows that are files or lines of text.')
    .version(ownVersion(), '-V, --version')
    .exitOverride()
    .showHelpAfterError('Run tutti with --help for what it takes.')
    .addHelpText('after', `\n${exitCodes}\n${examplesOf('tutti')}`);
  const add = (usage: string, description: string): Command => {
    const [name = ''] = usage.split(' ');
    return tutti
      .command(usage)
      .description(description)
      .addHelpText('after', `\n${examplesOf(name)}`);
  };

  const run = add('run <workflow>', 'Runs a workflow: a file (YAML, TOML, JSON), or a text.')
    .option('-i, --input <json>', 'what it is given: JSON, @file, or - for the standard input')
    .option('--set <path=value>', 'puts a value into the input; may be repeated', collect)
    .option('--json', 'writes events as lines of JSON (NDJSON), as in a pipe')
    .option('-q, --quiet', 'tells how it ended, and nothing of the way there')
    .option('-v, --verbose', 'tells everything')
    .option('--max-cost <usd>', 'stops it when it has cost more than so many US dollars')
    .option('--timeout <duration>', 'gives up after so long, such as 30s or 5m');
  skillful(run).action(
    does(async (target, options) => (await import('./run/run-command.ts')).runCommand(target, options)),
  );

  const validate = add(
    'validate [files...]',
    'Checks workflows, and says everything that is wrong, and where.',
  )
    .option('--text <text>', 'a workflow in the text language, in place of files')
    .option('--json', 'writes a line of JSON for each problem');
  skillful(validate).action(
    does(async (files, options) => (await import('./validate-command.ts')).validateCommand(files, options)),
  );

  const graph = add('graph [file]', 'Draws a workflow.')
    .option('--text <text>', 'a workflow in the text language, in place of a file')
    .option('-f, --format <format>', 'mermaid, dot or svg', 'mermaid');
  skillful(graph).action(
    does(async (file, options) => (await import('./graph/graph-command.ts')).graphCommand(file, options)),
  );

  skillful(add('skills', 'Lists the skills that workflows can use, with what they take and give.'))
    .option('--json', 'writes them as JSON, with their schemas')
    .action(does(async (options) => (await import('./skills-command.ts')).skillsCommand(options)));

  add('init [folder]', 'Makes a small project to start from.').action(
    does(async (folder) => (await import('./init/init-command.ts')).initCommand(folder)),
  );
  add('schema', 'Writes the JSON Schema of workflow files, for editors.').action(
    does(async () => (await import('./schema-command.ts')).schemaCommand()),
  );
  return tutti;
}

function skillful(command: Command): Command {
  const what = 'a TypeScript or JavaScript module with skills; may be repeated (default: tutti.config.*)';
  return command.option('-s, --skills <module>', what, collect);
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
