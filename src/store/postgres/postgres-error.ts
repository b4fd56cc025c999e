import { TuttiError, textOf } from '../../core/errors.ts';
import { StoreConflictError, StoreCorruptError, StoreError, type StoreErrorReason } from '../errors.ts';

/**
 * What the codes of PostgreSQL's errors mean to a caller; a shorter one stands for its class.
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const reasons: Readonly<Record<string, StoreErrorReason>> = {
  '08': 'unreachable',
  '57P': 'unreachable',
  '25P03': 'unreachable',
  '53300': 'unreachable',
  '40': 'busy',
  '55P03': 'busy',
  '57014': 'busy',
  '53100': 'full',
  '53': 'io',
  '58': 'io',
  '25006': 'read-only',
  '28': 'cannot-open',
  '3D000': 'cannot-open',
  '42501': 'cannot-open',
};

/** Damaged data, and tables that are gone or are not ours. */
const corrupt = /^(XX00[12]|42P0[17]|42703|3F000)$/;

/** What the driver says, in words alone, of what no repetition helps against. */
const settings = /SSL|SASL|TLS|certificate|password|Invalid URL/i;

/** What the driver or the server threw, as an error of ours; ours stay as they are. */
export function asStoreError(thrown: unknown): TuttiError {
  if (thrown instanceof TuttiError) return thrown;
  const message = `PostgreSQL: ${messageOf(thrown)}`;
  if (corrupt.test(codeOf(thrown))) return new StoreCorruptError(message, { cause: thrown });
  return new StoreError(reasonOf(thrown, message), message, { cause: thrown });
}

function reasonOf(thrown: unknown, message: string): StoreErrorReason {
  // An error of the server has a severity; all else is about the way there.
  if (factOf(thrown, 'severity') === undefined) return settings.test(message) ? 'cannot-open' : 'unreachable';
  const code = codeOf(thrown);
  return reasons[code] ?? reasons[code.slice(0, 3)] ?? reasons[code.slice(0, 2)] ?? 'refused';
}

/** Each address of a host that refused has an error of its own. */
function messageOf(thrown: unknown): string {
  const text = thrown instanceof AggregateError ? thrown.errors.map(textOf).join('; ') : textOf(thrown);
  return text || 'it cannot be reached';
}

function factOf(thrown: unknown, name: string): unknown {
  return typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, name) : undefined;
}

function codeOf(thrown: unknown): string {
  const code = factOf(thrown, 'code');
  return typeof code === 'string' ? code : '';
}

/** The connection is of no more use. */
export function isBroken(error: unknown): boolean {
  return error instanceof StoreError && (error.reason === 'unreachable' || error.reason === 'read-only');
}

/** Two transactions were in each other's way, and the other one was let through. */
export function isDeadlock(error: unknown): boolean {
  return error instanceof StoreError && codeOf(error.cause).startsWith('40');
}

/** The server refused a row that is there already: what is written does not follow on what there is. */
export function asConflict(error: unknown, runId: string): unknown {
  if (!(error instanceof StoreError) || codeOf(error.cause) !== '23505') return error;
  const { cause } = error;
  return new StoreConflictError(runId, 'something that the commit writes is there already', { cause });
}
