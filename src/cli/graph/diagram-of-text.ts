import type { TextGroup, TextPhase, TextTask, TextWorkflow } from '../../text/tree.ts';
import type { Diagram, DiagramEdge, DiagramNode } from './diagram.ts';

const words = { success: 'if it succeeds', failure: 'if it fails', anyFailed: 'if any fails' } as const;

/** The tasks of a text, phase by phase. */
export function diagramOfText(name: string, { phases }: TextWorkflow): Diagram {
  const drawing = new Drawing();
  let before: readonly string[] = [];
  for (const phase of phases) before = drawing.phase(phase, before);
  return { name, nodes: drawing.nodes, edges: drawing.edges };
}

class Drawing {
  readonly nodes: DiagramNode[] = [];
  readonly edges: DiagramEdge[] = [];

  /** Draws a phase after those that end the phase before; gives those that end this one. */
  phase(phase: TextPhase, before: readonly string[]): readonly string[] {
    if (phase.type === 'group') return this.#group(phase, before, undefined);
    const ends = this.#group(phase.group, before, words[phase.when]);
    if (phase.otherwise === undefined) return ends;
    return [...ends, ...this.#group(phase.otherwise, before, 'else')];
  }

  #group(group: TextGroup, before: readonly string[], label: string | undefined): readonly string[] {
    const tasks = group.tasks.map((task) => this.#task(task, before, label, 'step'));
    if (group.anyFailed === undefined) return tasks;
    return [...tasks, this.#task(group.anyFailed, tasks, words.anyFailed, 'helper')];
  }

  #task(
    task: TextTask,
    before: readonly string[],
    label: string | undefined,
    kind: DiagramNode['kind'],
  ): string {
    const id = `task${this.nodes.length + 1}`;
    this.nodes.push({ id, label: labelOf(task), kind });
    const asked = label ?? conditionOf(task);
    for (const from of before)
      this.edges.push({ from, to: id, ...(asked !== undefined && { label: asked, dashed: true }) });
    return id;
  }
}

function labelOf({ agent, text, provider, retries }: TextTask): string[] {
  const said = text === '' ? (provider?.phrase ?? '') : text;
  return [
    agent === undefined ? said : `${agent}: ${said}`,
    ...(provider === undefined || text === '' ? [] : [provider.phrase]),
    ...(retries === undefined ? [] : [`up to ${retries} retries`]),
  ];
}

function conditionOf({ when }: TextTask): string | undefined {
  if (when === undefined) return undefined;
  return when.type === 'contains' ? `if it contains ${JSON.stringify(when.text)}` : words[when.type];
}
