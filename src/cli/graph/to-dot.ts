import { wrap } from '../terminal/wrap.ts';
import type { Diagram } from './diagram.ts';

/** How many characters of a label stand in one line. */
const width = 48;

/** A diagram in the language of Graphviz. */
export function toDot({ name, nodes, edges }: Diagram): string {
  const lines = [
    `digraph ${quoted(name)} {`,
    '  graph [rankdir=TB, nodesep=0.35, ranksep=0.5, bgcolor="white", pad=0.2];',
    '  node [shape=box, style="rounded,filled", fillcolor="#eef3fb", color="#4a6fa5", fontname="Helvetica", fontsize=12, margin="0.15,0.08"];',
    '  edge [color="#5f6b7a", fontname="Helvetica", fontsize=10, arrowsize=0.7];',
    ...nodes.map(({ id, label, kind }) => {
      const look =
        kind === 'helper' ? ', style="rounded,filled,dashed", fillcolor="#fdf6e9", color="#b58a3c"' : '';
      return `  ${quoted(id)} [label=${quoted(label.flatMap((line) => wrap(line, width)).join('\n'))}${look}];`;
    }),
    ...edges.map(({ from, to, label, dashed }) => {
      const looks = [
        // Blanks keep it off its edge
        ...(label === undefined ? [] : [`label=${quoted(`  ${label}  `)}`]),
        ...(dashed ? ['style=dashed'] : []),
      ];
      return `  ${quoted(from)} -> ${quoted(to)}${looks.length === 0 ? '' : ` [${looks.join(', ')}]`};`;
    }),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function quoted(text: string): string {
  const escaped = text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
  return `"${escaped.replace(/\p{Cc}/gu, ' ')}"`;
}
