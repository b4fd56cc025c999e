import { TuttiError } from '../core/errors.ts';

/** A path that leads out of the folder that file skills are confined to. */
export class ForbiddenPathError extends TuttiError {
  override readonly name = 'ForbiddenPathError';
  readonly code = 'FORBIDDEN_PATH';
  readonly path: string;

  constructor(path: string) {
    super(`${JSON.stringify(path)} leads out of the folder that files may be in`);
    this.path = path;
  }
}
