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

function withHint(error: unknown): string {
  const hint = '\nthe input of the run comes from --input JSON, --input @file or --set name=value';
  return `${textOf(error)}${error instanceof InputValidationError ? hint : ''}`;
}
