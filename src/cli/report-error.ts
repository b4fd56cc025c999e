import { DefinitionError, InputValidationError, TuttiError, textOf } from '../core/errors.ts';
import { exitCode } from './exit-code.ts';
import { clean } from './terminal/clean.ts';
import { UsageError } from './usage-error.ts';

/** Says on the error stream why the command gave up, and gives what it ends with. */
export function reportError(error: unknown): number {
  const refused =
    error instanceof UsageError || error instanceof DefinitionError || error instanceof InputValidationError;
  // Where no error of Tutti's says what is wrong, the stack tells where to look.
  const unknown = error instanceof Error && !(error instanceof TuttiError);
  const said = unknown ? (error.stack ?? error.message) : withHint(error);
  const lines = said.split('\n').map(clean);
  process.stderr.write(`tutti: ${lines.join('\n')}\n`);
  return refused ? exitCode.refused : exitCode.failed;
}

/** What is said of an error, and where the input comes from if that is what is wrong. */
function withHint(error: unknown): string {
  if (!(error instanceof InputValidationError)) return textOf(error);
  const [key, ...others] = (error.issues[0]?.path ?? []).map((part) =>
    String(typeof part === 'object' ? part.key : part),
  );
  const set = key === undefined ? '--set name=value' : `--set ${[key, ...others].join('.')}=VALUE`;
  return `${textOf(error)}\nthe input of the run comes from --input JSON, --input @FILE or ${set}`;
}
