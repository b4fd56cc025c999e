import { TuttiError, textOf } from '../../core/errors.ts';
import { StoreCorruptError, StoreError, type StoreErrorReason } from '../errors.ts';

/** SQLite's primary result codes: https://www.sqlite.org/rescode.html */
const reasons: Readonly<Record<number, StoreErrorReason>> = {
  5: 'busy',
  6: 'busy',
  8: 'read-only',
  10: 'io',
  13: 'full',
  14: 'cannot-open',
};

const corrupt = 11;
const constraint = 19;
const notADatabase = 26;
/** A page that should be there is not. */
const shortRead = 522;

/** What SQLite, or the file system, threw, as an error of ours; ours stay as they are. */
export function asStoreError(thrown: unknown, file: string): TuttiError {
  if (thrown instanceof TuttiError) return thrown;
  const code = codeOf(thrown);
  const message = `${file}: ${textOf(thrown)}`;
  const primary = code & 0xff;
  if (primary === corrupt || primary === notADatabase || code === shortRead)
    return new StoreCorruptError(message, { cause: thrown });
  return new StoreError(reasons[primary] ?? reasonOfSystem(thrown), message, { cause: thrown });
}

/** SQLite refused a row that is there already. */
export function isConstraint(thrown: unknown): boolean {
  return (codeOf(thrown) & 0xff) === constraint;
}

function codeOf(thrown: unknown): number {
  const code = typeof thrown === 'object' && thrown !== null && Reflect.get(thrown, 'errcode');
  return typeof code === 'number' ? code : 0;
}

function reasonOfSystem(thrown: unknown): StoreErrorReason {
  const code: unknown = typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'code') : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'full';
  if (code === 'EROFS') return 'read-only';
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EPERM' || code === 'EISDIR' || code === 'ENOTDIR')
    return 'cannot-open';
  return 'io';
}
