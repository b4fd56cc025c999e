import { Command, CommanderError } from 'commander';
import { cancel } from './commands/cancel.ts';
import { approve, reject } from './commands/decide.ts';
import { type Declare, type Declaring, examplesOf } from './commands/declare.ts';
import { fork } from './commands/fork.ts';
import { graph } from './commands/graph.ts';
import { init } from './commands/init.ts';
import { pause } from './commands/pause.ts';
import { recover } from './commands/recover.ts';
import { resume } from './commands/resume.ts';
import { run } from './commands/run.ts';
import { runs } from './commands/runs.ts';
import { schema } from './commands/schema.ts';
import { show } from './commands/show.ts';
import { signal } from './commands/signal.ts';
import { skills } from './commands/skills.ts';
import { validate } from './commands/validate.ts';
import { exitCode } from './exit-code.ts';
import { ownVersion } from './own-version.ts';
import { reportError } from './report-error.ts';

/** All commands, as `--help` lists them. */
const commands: readonly Declare[] = [
  ...[run, validate, graph, skills, init, schema],
  ...[runs, show, resume, pause, cancel, approve, reject, signal, fork, recover],
];

const exitCodes = `Ends with 0 when all went well, 1 when a run failed, 2 when the definition, the
input or the command line cannot be used, 130 when a run was cancelled, or left.
`;

const examples = [
  'tutti init',
  'tutti run workflow.yaml --input \'{"text": "Hello"}\'',
  'tutti validate *.yaml',
];

/** Does what a command line says, and gives what the process is to end with. What a command needs is loaded when it is called. */
export async function program(argv: readonly string[]): Promise<number> {
  let code: number = exitCode.completed;
  const does: Declaring['does'] =
    (action) =>
    async (...args) => {
      code = await action(...args);
    };
  try {
    await declared(does).parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportError(error);
    return error.exitCode === 0 ? exitCode.completed : exitCode.refused;
  }
}

function declared(does: Declaring['does']): Command {
  const tutti = new Command('tutti')
    .description('Runs and checks workflows that are files or lines of text.')
    .version(ownVersion(), '-V, --version')
    .exitOverride()
    .showHelpAfterError('Run tutti with --help for what it takes.')
    .addHelpText('after', `\n${exitCodes}\n${examplesOf(examples)}`);
  const add: Declaring['add'] = (usage, description, lines) =>
    tutti
      .command(usage)
      .description(description)
      .addHelpText('after', `\n${examplesOf(lines)}`);
  for (const declare of commands) declare({ add, does });
  return tutti;
}
