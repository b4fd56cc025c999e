import { type RunEvent, run, type Step } from 'tutti';
import { marbles } from 'tutti/testing';
import { type Diagram, Evaluator, readDiagram } from './diagram.ts';
import { drawnSignals } from './drawn-signals.ts';
import { drawnStep } from './drawn-step.ts';

/** A run of a diagram, as it is drawn and as it happened. */
export type Played = Diagram['runs'][number] & { readonly events: readonly RunEvent[] };

/** Runs each run of a diagram by itself, with steps and policies of its own. */
export function playApart(lines: readonly string[]): Played[] {
  const diagram = readDiagram(lines);
  return diagram.runs.flatMap((run) => playAll({ ...diagram, runs: [run] }, 'x'));
}

/** Runs what a diagram says, all in one virtual time. */
export function play(lines: readonly string[], input: unknown = 'x'): Played[] {
  return playAll(readDiagram(lines), input);
}

function playAll({ steps, names, signals, runs }: Diagram, input: unknown): Played[] {
  const played: Played[] = [];
  marbles((m) => {
    const evaluator = new Evaluator();
    for (const { id, scripts } of steps) evaluator.define(id, drawnStep(id, scripts));
    for (const { name, code } of names) evaluator.define(name, evaluator.evaluate(code));
    const start = (index: number): void => {
      const drawn = runs[index];
      if (drawn === undefined) return;
      const events: RunEvent[] = [];
      played.push({ ...drawn, events });
      const later = runs[index + 1]?.later;
      const step = evaluator.evaluate(drawn.code) as Step<unknown, unknown, unknown>;
      run(step, input, { signals$: drawnSignals(signals) }).subscribe({
        next: (event) => events.push(event),
        complete: () => later === true && start(index + 1),
      });
      if (later === false) start(index + 1);
    };
    start(0);
    m.flush();
  })();
  return played;
}
