import { nearestAbove } from '../../../operators/events/nearest-above.ts';
import type { StepStatus } from '../../core/status.ts';

/** A step, and how deep it is inside others. */
export interface StepRow {
  readonly step: StepStatus;
  readonly depth: number;
}

/** Steps under those that hold them, as they started. */
export function stepRows(steps: readonly StepStatus[]): StepRow[] {
  const children = new Map<StepStatus | undefined, StepStatus[]>();
  const known = new Map(steps.map((step) => [step.path, step]));
  for (const step of steps) {
    const holder = nearestAbove(known, step.path);
    const siblings = children.get(holder);
    if (siblings === undefined) children.set(holder, [step]);
    else siblings.push(step);
  }
  const rows: StepRow[] = [];
  const stack: StepRow[] = (children.get(undefined) ?? []).map((step) => ({ step, depth: 0 })).reverse();
  for (let row = stack.pop(); row !== undefined; row = stack.pop()) {
    rows.push(row);
    const { step, depth } = row;
    const inside = (children.get(step) ?? []).map((child) => ({ step: child, depth: depth + 1 }));
    stack.push(...inside.reverse());
  }
  return rows;
}
