import { Frame, type Node } from './frame.ts';
import type { Scope } from './scope.ts';

/** What runs beside an attempt's own work, in the scope that it was begun in. */
export class AsideFrame extends Frame {
  readonly #inside: Node;

  constructor(inside: Node, scope: Scope, host: Frame, path: string) {
    super(scope, host, path, 0);
    this.#inside = inside;
  }

  begin(input: unknown): void {
    this.spawn(this.#inside, input);
  }
}
