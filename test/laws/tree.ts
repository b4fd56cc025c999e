import { type PolicySpec, showPolicy } from './policy-spec.ts';
import type { Act } from './world.ts';

/** A composition to be made of operators; every part of it takes a number and gives one. */
export type Tree =
  | { readonly kind: 'leaf'; readonly acts: readonly Act[] }
  | { readonly kind: 'infected' }
  | { readonly kind: 'sleep'; readonly ms: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'followUps'; readonly inner: Tree; readonly ms: number }
  | { readonly kind: 'background'; readonly inner: Tree; readonly beside: Tree }
  | { readonly kind: 'sequence'; readonly parts: readonly Tree[] }
  | {
      readonly kind: 'parallel';
      readonly parts: readonly Tree[];
      readonly settle: boolean;
      readonly limit: number;
    }
  | { readonly kind: 'race'; readonly parts: readonly Tree[]; readonly settle: boolean }
  | {
      readonly kind: 'map';
      readonly each: Tree;
      readonly items: number;
      readonly settle: boolean;
      readonly limit: number;
    }
  | {
      readonly kind: 'stream';
      readonly producer: readonly Act[];
      /** How often the producer is tried again. */
      readonly retries: number;
      readonly each: Tree;
      readonly settle: boolean;
    }
  | {
      readonly kind: 'reduce';
      readonly each: Tree;
      readonly items: number;
      /** Adds one to the sum; without it, a fold makes the sum. */
      readonly reducer: Tree | undefined;
      readonly settle: boolean;
      readonly limit: number;
    }
  | { readonly kind: 'assign'; readonly parts: readonly Tree[] }
  | { readonly kind: 'transform'; readonly inner: Tree }
  | { readonly kind: 'route'; readonly one: Tree; readonly two: Tree; readonly other: Tree }
  | { readonly kind: 'saga'; readonly inner: Tree; readonly undo: Act }
  | { readonly kind: 'policed'; readonly inner: Tree; readonly policies: readonly PolicySpec[] }
  | { readonly kind: 'branch'; readonly odd: Tree; readonly even: Tree | undefined }
  | { readonly kind: 'loop'; readonly body: Tree; readonly passes: number }
  | { readonly kind: 'graph'; readonly parts: readonly Part[] }
  | { readonly kind: 'named' | 'workflow'; readonly inner: Tree }
  | { readonly kind: 'retry'; readonly inner: Tree; readonly maxRetries: number; readonly delay: number }
  | { readonly kind: 'timeout'; readonly inner: Tree; readonly ms: number }
  | { readonly kind: 'fallback'; readonly inner: Tree; readonly other: Tree }
  | { readonly kind: 'recover'; readonly inner: Tree }
  | { readonly kind: 'cache'; readonly inner: Tree };

/** A node of a graph: which of those before it it waits for, and whether only odd inputs let it run. */
export interface Part {
  readonly tree: Tree;
  readonly after: readonly number[];
  readonly whenOdd: boolean;
}

/** A tree as text: a line for each part, indented by depth. */
export function show(tree: Tree): string {
  return linesOf(tree).join('\n');
}

/** The same tree with bodies that end. */
export function mortal(tree: Tree): Tree {
  const leaf = { kind: 'leaf', acts: [{}] };
  const json = JSON.stringify(tree, (_, value: unknown) =>
    value === Number.POSITIVE_INFINITY ? 1e9 : value,
  );
  return JSON.parse(json, (key, value: { kind?: unknown } | string) => {
    if (key === 'ends' && value === 'never') return 'value';
    return typeof value === 'object' && value?.kind === 'infected' ? leaf : value;
  });
}

function linesOf(tree: Tree): string[] {
  const { kind } = tree;
  switch (kind) {
    case 'leaf':
      return [`leaf ${tree.acts.map(actOf).join(', then ')}`];
    case 'infected':
      return ['infected'];
    case 'sleep':
      return [`sleep ${tree.ms}`];
    case 'wait':
      return [`wait ${tree.ms} in vain`];
    case 'followUps':
      return block(`follow-ups, ${tree.ms}`, [tree.inner]);
    case 'background':
      return block('in the background of the second', [tree.inner, tree.beside]);
    case 'sequence':
      return block('sequence', tree.parts);
    case 'parallel':
      return block(`parallel${modes(tree)}`, tree.parts);
    case 'race':
      return block(`race${modes(tree)}`, tree.parts);
    case 'map':
      return block(`mapEach of ${tree.items}${modes(tree)}`, [tree.each]);
    case 'stream':
      return block(
        `mapEach over ${tree.producer.map(actOf).join(', then ')}, retried ${tree.retries} times${modes(tree)}`,
        [tree.each],
      );
    case 'branch':
      return block('branch on odd', [tree.odd, ...(tree.even === undefined ? [] : [tree.even])]);
    case 'reduce':
      return block(`mapReduce of ${tree.items}${modes(tree)}`, [
        tree.each,
        ...(tree.reducer === undefined ? [] : [tree.reducer]),
      ]);
    case 'assign':
      return block('assign', tree.parts);
    case 'route':
      return block('route 1, 2, otherwise', [tree.one, tree.two, tree.other]);
    case 'saga':
      return block(`saga, undone by ${actOf(tree.undo)}`, [tree.inner]);
    case 'policed':
      return block(`with ${tree.policies.map(showPolicy).join(', then ')}`, [tree.inner]);
    case 'loop':
      return block(`loop ${tree.passes} times`, [tree.body]);
    case 'graph':
      return [
        'graph',
        ...tree.parts.flatMap(({ tree: part, after, whenOdd }, i) =>
          indent([`${i} after [${after}]${whenOdd ? ' when odd' : ''}:`, ...indent(linesOf(part))]),
        ),
      ];
    case 'retry':
      return block(`retry ${tree.maxRetries} times, delay ${tree.delay}`, [tree.inner]);
    case 'timeout':
      return block(`timeout ${tree.ms}`, [tree.inner]);
    case 'fallback':
      return block('fallback', [tree.inner, tree.other]);
    case 'transform':
    case 'named':
    case 'workflow':
    case 'recover':
    case 'cache':
      return block(kind, [tree.inner]);
    default:
      return tree satisfies never;
  }
}

function block(title: string, parts: readonly Tree[]): string[] {
  return [title, ...parts.flatMap((part) => indent(linesOf(part)))];
}

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

function modes({ settle, limit }: { readonly settle: boolean; readonly limit?: number }): string {
  return `${settle ? ', settling' : ''}${limit === undefined || limit > 9 ? '' : `, ${limit} at once`}`;
}

function actOf({ ms, ends = 'value', partials, costUsd, abortUsd, lateUsd }: Act): string {
  const facts = [
    ms === undefined ? `${ends} at once` : `${ends} in ${ms} ms`,
    partials && `${partials} partials`,
    costUsd && `$${costUsd}`,
    abortUsd && `$${abortUsd} when aborted`,
    lateUsd && `$${lateUsd} late`,
  ];
  return facts.filter(Boolean).join(' + ');
}
