import { Cancellation } from '../../src/core/cancellation.ts';
import { DefinitionError, DuplicateKeyError } from '../../src/core/errors.ts';
import type { Frame, Node } from '../../src/core/frame.ts';
import { encodeKey, keysOf } from '../../src/core/path.ts';
import type { Piece } from '../../src/core/piece.ts';
import type { Collector, CollectorFactory } from './collector.ts';
import { type ItemSource, openItems, PushedItems } from './items.ts';
import { SeenKeys } from './seen-keys.ts';
import { WindowFrame } from './window-frame.ts';

/** Runs one step for each of many items. */
export class MapNode implements Node {
  readonly name = 'mapEach';
  readonly each: Node;
  /** What the items are, by the input; or the step whose partials they are. */
  readonly items: ((input: unknown) => unknown) | Node;
  readonly keyBy: ((item: unknown, index: number) => string | number) | undefined;
  readonly settle: boolean;
  readonly limit: number;
  readonly collector: CollectorFactory;

  constructor(options: Omit<MapNode, 'name' | 'frame'>) {
    this.each = options.each;
    this.items = options.items;
    this.keyBy = options.keyBy;
    this.settle = options.settle;
    this.limit = options.limit;
    this.collector = options.collector;
  }

  frame(parent: Frame, path: string, slot: number): Piece {
    return new MapFrame(this, parent, path, slot);
  }
}

const retracted = new Cancellation('the items were retracted');

/** The slot of the step that makes the items. */
const producerSlot = -1;

class MapFrame extends WindowFrame {
  readonly #node: MapNode;
  #source: ItemSource = new PushedItems();
  #collector: Collector | undefined;
  #keys: SeenKeys | undefined;
  /** Items go by their index. */
  #indexed = false;
  #index = 0;
  /** How often the producer has begun: what it streams anew has places of its own. */
  #tries = 1;
  /** What comes before and after the key in an item's path. */
  readonly #prefix: string;
  #suffix = ']';

  constructor(node: MapNode, parent: Frame, path: string, slot: number) {
    super(node.limit, parent, path, slot);
    this.#node = node;
    this.#prefix = `${path}/${node.each.name}[`;
  }

  begin(input: unknown): void {
    const { items, keyBy, collector } = this.#node;
    this.#collector = collector();
    const { journal } = this.scope;
    while (journal?.recall(this.path, lifeNote(this.#tries + 1)) !== undefined) this.#liveAgain();
    if (typeof items === 'function') {
      const held = items(input);
      this.#indexed = Array.isArray(held) && keyBy === undefined;
      this.#source = openItems(held, this);
      if (!this.active) this.#source.close();
      else this.pump();
    } else {
      this.spawn(items, input, `/${items.name}`, producerSlot);
    }
  }

  itemsCame(): void {
    this.scope.clock.wake();
    if (this.active) this.pump();
  }

  itemsFailed(error: unknown): void {
    this.scope.clock.wake();
    this.fail(error);
  }

  override childPartial(child: Piece, chunk: unknown): void {
    if (child.slot !== producerSlot || !(this.#source instanceof PushedItems)) return;
    this.#source.push(chunk);
    this.itemsCame();
  }

  /** The producer begins anew: what its items led to counts no more. */
  override childRetracted(child: Piece): void {
    if (child.slot !== producerSlot || !(this.#source instanceof PushedItems)) return;
    // Nothing has come of it in this life of the run: what it streams again are the items of the life before.
    if (this.#index === 0 && this.scope.journal !== undefined) return this.#source.clear();
    for (const item of this.children) if (item.slot !== producerSlot) item.cancel(retracted);
    this.forgetChildren();
    this.#source.clear();
    this.#collector = this.#node.collector();
    this.#liveAgain();
    this.scope.journal?.note(this.path, lifeNote(this.#tries), true);
    this.#keys = undefined;
    this.#index = 0;
  }

  #liveAgain(): void {
    this.#tries++;
    this.#suffix = `]~${this.#tries}`;
  }

  protected hasNext(): boolean {
    return this.#source.has();
  }

  protected override wanting(): void {
    this.#source.want();
  }

  protected startNext(): boolean {
    const item = this.#source.take();
    const index = this.#index++;
    const key = this.#keyOf(item, index);
    return this.startChild(this.#node.each, item, `${this.#prefix}${key}${this.#suffix}`, index);
  }

  override childSucceeded(child: Piece, value: unknown): void {
    if (child.slot === producerSlot) return this.#produced();
    this.#collector?.add(
      child.slot,
      this.#node.settle ? { status: 'fulfilled', value, key: keyIn(child) } : value,
    );
    this.childDone(child);
  }

  override childFailed(child: Piece, reason: unknown): void {
    if (child.slot === producerSlot || !this.#node.settle) return this.fail(reason);
    this.#collector?.add(child.slot, { status: 'rejected', reason, key: keyIn(child) });
    this.childDone(child);
  }

  protected idle(): void {
    if (this.#source.exhausted) this.succeed(this.#collector?.result());
  }

  override settling(): void {
    this.#source.close();
  }

  override stop(_cause: Cancellation): void {
    this.#source.close();
  }

  #produced(): void {
    if (this.#source instanceof PushedItems) this.#source.exhausted = true;
    this.pump();
  }

  /** As it stands in a path. */
  #keyOf(item: unknown, index: number): string | number {
    const { keyBy } = this.#node;
    if (this.#indexed) return index;
    if (keyBy === undefined)
      throw new DefinitionError('mapEach: items that do not come from an array need keyBy');
    const key = keyBy(item, index);
    const encoded = encodeKey(String(key));
    this.#keys ??= new SeenKeys();
    if (!this.#keys.add(key))
      throw new DuplicateKeyError(String(key), `${this.#prefix}${encoded}${this.#suffix}`);
    return encoded;
  }
}

/** What a journal calls it that the producer has begun its items anew. */
function lifeNote(life: number): string {
  return `life#${life}`;
}

function keyIn(child: Piece): string {
  return keysOf(child.path).at(-1) ?? '';
}
