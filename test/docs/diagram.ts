import * as operators from 'tutti/operators';

/** A diagram in four kinds of lines; see docs/operators.md for how they are read. */
export interface Diagram {
  /** What steps do, attempt by attempt. */
  readonly steps: readonly { readonly id: string; readonly scripts: readonly [string, ...string[]] }[];
  /** Names for what lines below use. */
  readonly names: readonly { readonly name: string; readonly code: string }[];
  /** What is sent to each run. */
  readonly signals: string;
  /** What is run, and what comes of it. */
  readonly runs: readonly { readonly code: string; readonly later: boolean; readonly drawn: string }[];
}

/** Reads a diagram: blanks part what is run from what comes of it, which may also be on lines of its own below. */
export function readDiagram(lines: readonly string[]): Diagram {
  const steps: Diagram['steps'][number][] = [];
  const names: Diagram['names'][number][] = [];
  const runs: Diagram['runs'][number][] = [];
  let open: string | undefined;
  const close = (drawn: string): void => {
    const last = runs.at(-1);
    if (open === undefined && last !== undefined) {
      runs[runs.length - 1] = { ...last, drawn: `${last.drawn} ${drawn}` };
      return;
    }
    const [, later, code = ''] = /^(then )?(.*)$/.exec(open ?? '') ?? [];
    runs.push({ code, later: later !== undefined, drawn });
    open = undefined;
  };
  for (const line of lines.filter((one) => !one.startsWith('signals$'))) {
    const [head = '', ...rest] = line.split(/ {3,}(?!on )/);
    const [, name, code] = /^const (\w+) = (.*)$/.exec(line) ?? [];
    const [script, ...others] = rest;
    if (name !== undefined && code !== undefined) names.push({ name, code });
    else if (head === '') close(rest.join(' '));
    else if (script === undefined) open = head;
    else if (/^\w+$/.test(head) && !names.some((one) => one.name === head))
      steps.push({ id: head, scripts: [script, ...others] });
    else {
      open = head;
      close(script);
    }
  }
  const signals = lines.find((line) => line.startsWith('signals$')) ?? '';
  return { steps, names, signals: signals.replace(/^signals\$ */, ''), runs };
}

/** Values that diagrams use without saying what they are. */
const known: Readonly<Record<string, unknown>> = {
  ...operators,
  isLong: () => false,
  good: (_: unknown, pass: number) => pass === 3,
  f: () => 'F',
  add: (sum: number, value: unknown) => sum + Number(value),
  zero: () => 0,
};

/** Evaluates the expressions of a diagram, the steps and names of which are at hand. */
export class Evaluator {
  readonly #values: Record<string, unknown> = { ...known };

  define(name: string, value: unknown): void {
    this.#values[name] = value;
  }

  evaluate(code: string): unknown {
    const names = Object.keys(this.#values);
    const evaluate = new Function(...names, `'use strict'; return (${code});`) as (
      ...values: readonly unknown[]
    ) => unknown;
    return evaluate(...Object.values(this.#values));
  }
}
