import { UnsubscriptionError } from 'rxjs';

/** Throws what several teardowns threw. */
export function throwAll(errors: readonly unknown[]): void {
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new UnsubscriptionError([...errors]);
}
