import { InputValidationError, TuttiError, textOf } from '../core/errors.ts';
import { exitCode } from './exit-code.ts';
import { clean } from './terminal/clean.ts';

/** Codes of errors that say what is wrong with what the command was given, in whose place something else can be given. */
const refusals: ReadonlySet<string> = new Set([
  ...['USAGE', 'DEFINITION', 'INPUT_VALIDATION'],
  ...['UNKNOWN_RUN', 'RUN_EXISTS', 'RUN_ENDED', 'RUN_STATE', 'STALE_APPROVAL', 'IDEMPOTENCY_CONFLICT'],
]);

/** What can be done about errors of kept runs. */
const hints: Readonly<Record<string, string>> = {
  UNKNOWN_RUN: '"tutti runs" lists the runs of the store',
  RUN_EXISTS: '"tutti show" shows it, "tutti resume" goes on with it',
  RUN_ENDED: '"tutti show" shows it, "tutti fork" makes a new run of it',
  STALE_APPROVAL: '"tutti show" says what it waits for',
  STORE_CORRUPT: 'it is left as it is: restore a copy, or name another store with --store',
};

/** Says on the error stream why the command gave up, and gives what it ends with. */
export function reportError(error: unknown): number {
  const refused = error instanceof TuttiError && refusals.has(error.code);
  // Where no error of Tutti's says what is wrong, the stack tells where to look.
  const unknown = error instanceof Error && !(error instanceof TuttiError);
  const said = unknown ? (error.stack ?? error.message) : withHint(error);
  const lines = said.split('\n').map(clean);
  process.stderr.write(`tutti: ${lines.join('\n')}\n`);
  return refused ? exitCode.refused : exitCode.failed;
}

/** What is said of an error, and where the input comes from if that is what is wrong. */
function withHint(error: unknown): string {
  const hint = error instanceof TuttiError ? hints[error.code] : undefined;
  if (hint !== undefined) return `${textOf(error)}\n${hint}`;
  if (!(error instanceof InputValidationError)) return textOf(error);
  const [issue] = error.issues;
  const key = issue === undefined ? '' : pathOf(issue);
  const set = key === '' ? '--set name=value' : `--set ${key}=VALUE`;
  const missing = error.issues.filter(({ message }) => / received undefined$/.test(message)).map(pathOf);
  const lacks = missing.length === 0 || missing.includes('') ? '' : `\nthe input lacks ${missing.join(', ')}`;
  return `${textOf(error)}${lacks}\n${whereFrom(set)}`;
}

function pathOf({ path = [] }: InputValidationError['issues'][number]): string {
  return path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
}

/** Where the input of a run comes from. */
export function whereFrom(set: string): string {
  return `the input of the run comes from --input JSON, --input @FILE or ${set}`;
}
