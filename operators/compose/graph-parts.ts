import { DefinitionError } from '../../src/core/errors.ts';
import { checkPart, type GraphPart } from './graph-plan.ts';

/** What graphs that grew from each other share: the parts of the longest, and their ids. */
interface Shared {
  readonly parts: GraphPart[];
  readonly ids: Set<string>;
}

/** The parts of a graph that can grow: a list that never changes, and that costs the same to lengthen at any length. */
export class GraphParts {
  readonly #shared: Shared;
  readonly #length: number;

  constructor(shared: Shared = { parts: [], ids: new Set() }, length = shared.parts.length) {
    this.#shared = shared;
    this.#length = length;
  }

  get list(): readonly GraphPart[] {
    return this.#shared.parts.slice(0, this.#length);
  }

  /** These parts and one more. Errors: `DefinitionError` for an id that is taken, and for an unknown one in `after`. */
  with(part: GraphPart): GraphParts {
    const { parts, ids } = this.#ownTip();
    if (ids.has(part.id)) throw new DefinitionError(`graph: two nodes are called ${JSON.stringify(part.id)}`);
    checkPart(part, ids);
    parts.push(part);
    ids.add(part.id);
    return new GraphParts({ parts, ids });
  }

  /** What can be lengthened in place: the shared list if nobody has lengthened it beyond this one, else a copy. */
  #ownTip(): Shared {
    if (this.#shared.parts.length === this.#length) return this.#shared;
    const parts = [...this.list];
    return { parts, ids: new Set(parts.map(({ id }) => id)) };
  }
}
