import { readDefinition } from '../../definition/schema/read-definition.ts';
import { Reading } from '../../definition/source/reading.ts';
import { refusal } from '../../problems/refusal.ts';
import { parse } from '../../text/parse.ts';
import { exitCode } from '../exit-code.ts';
import { loadSkills } from '../load/load-skills.ts';
import { fileSource, type WorkflowSource } from '../load/workflow-source.ts';
import { UsageError } from '../usage-error.ts';
import type { Diagram } from './diagram.ts';
import { diagramOfSteps } from './diagram-of-steps.ts';
import { diagramOfText } from './diagram-of-text.ts';
import { toDot } from './to-dot.ts';
import { toMermaid } from './to-mermaid.ts';

/** What `tutti graph` is called with. */
export interface GraphOptions {
  readonly text?: string;
  readonly format: string;
  readonly skills?: readonly string[];
}

const writers: Readonly<Record<string, (diagram: Diagram) => string | Promise<string>>> = {
  mermaid: toMermaid,
  dot: toDot,
  svg: async (diagram) => (await import('./to-svg.ts')).toSvg(toDot(diagram)),
};

/** Draws a workflow. */
export async function graphCommand(file: string | undefined, options: GraphOptions): Promise<number> {
  const { text, format, skills } = options;
  if ((file === undefined) === (text === undefined))
    throw new UsageError('name one file, or give a text with --text');
  const write = Object.hasOwn(writers, format) ? writers[format] : undefined;
  if (write === undefined) throw new UsageError(`--format ${format} is not mermaid, dot or svg`);
  const source = file === undefined ? { file, text: text ?? '' } : await fileSource(file);
  const providers = skills === undefined ? [] : ((await loadSkills(skills)).providers ?? []);
  const names = providers.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  process.stdout.write(await write(diagramOf(source, names)));
  return exitCode.completed;
}

function diagramOf({ file, text }: WorkflowSource, providers: readonly string[]): Diagram {
  if (file === undefined) return diagramOfText('workflow', parse(text, { providers }));
  const reading = new Reading(text, file);
  const located = readDefinition(reading);
  const { name = file, flow } = located?.definition ?? {};
  const diagram =
    located === undefined || reading.problems.length > 0
      ? undefined
      : flow === undefined
        ? diagramOfSteps(name, located, reading)
        : diagramOfText(name, parse(flow, { providers }));
  if (diagram === undefined || reading.problems.length > 0)
    throw refusal(file, reading.problems, reading.source);
  return diagram;
}
