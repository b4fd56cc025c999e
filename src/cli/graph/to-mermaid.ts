import type { Diagram } from './diagram.ts';

/** A diagram in the language of Mermaid, which Markdown on GitHub and GitLab draws. */
export function toMermaid({ nodes, edges }: Diagram): string {
  const names = new Map(nodes.map(({ id }, position) => [id, `n${position}`]));
  const lines = [
    'flowchart TD',
    ...nodes.map(({ id, label, kind }) => {
      const text = `"${label.map(escaped).join('<br>')}"`;
      return `  ${names.get(id)}${kind === 'step' ? `[${text}]` : `([${text}])`}`;
    }),
    ...edges.map(({ from, to, label, dashed }) => {
      const text = label === undefined ? '' : `|"${escaped(label)}"|`;
      return `  ${names.get(from)} ${dashed ? '-.->' : '-->'}${text} ${names.get(to)}`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}

/** Everything that Mermaid could take for its own, as numbered characters. */
function escaped(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/["#&;<>`|\\[\](){}]/g, (character) => `#${character.codePointAt(0)};`);
}
