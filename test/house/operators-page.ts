import { relative } from 'node:path';
import { type OperatorDoc, operatorDocs } from './operator-docs.ts';

/** The sections of the page, by the folder of the sources. */
const sections: Readonly<Record<string, string>> = {
  'operators/compose': 'Compose steps',
  'operators/policies': 'Policies',
  'operators/events': 'Events of a run',
  'operators/triggers': 'Triggers',
};

/** Every operator of every door. */
export function allOperators(top: string): OperatorDoc[] {
  return [
    ...operatorDocs(top, 'tutti/operators', 'operators/index.ts'),
    ...operatorDocs(top, 'tutti/triggers', 'operators/triggers/index.ts'),
  ];
}

/** Writes docs/operators.md from the sources of the operators. */
export function operatorsPage(top: string): string {
  const all = allOperators(top);
  const parts = Object.entries(sections).map(([folder, title]) => {
    const here = all.filter(({ file }) => folder === relative('.', file).replace(/\/[^/]+$/, ''));
    return [`## ${title}`, tableOf(here), ...here.map(sectionOf)].join('\n\n');
  });
  return `${[introduction, ...parts].join('\n\n')}\n`.replace(/\{@link (\w+)\}/g, (_, name: string) =>
    all.some((one) => one.name === name) ? `[\`${name}\`](#${name.toLowerCase()})` : `\`${name}\``,
  );
}

const introduction = `# Operators

All operators of \`tutti/operators\` and \`tutti/triggers\`. This page is made from the comments in the sources: change them, then
run \`npm run docs\`.

In the diagrams, time goes from left to right. A dash is a millisecond; what is in parentheses happens at one time, and takes
none. \`|\` is completion, \`#\` a failure. \`a>\` is the start of step \`a\`, \`a|\` its end, and \`R>\` and \`R|\` those of the run. A line with a
name and marbles says what a step does (several of them, what it does in each attempt); a line that begins with \`then\`
begins when the one above it has ended, the others all begin at once. Not every event is shown. The diagrams of composition and policies
are run by the tests.`;

function tableOf(docs: readonly OperatorDoc[]): string {
  const rows = docs.map(({ name, diagram, events, errors }) =>
    [`[\`${name}\`](#${name.toLowerCase()})`, `\`${resultOf(diagram)}\``, events, errors]
      .map((cell) => ` ${cell.replaceAll('|', '\\|')} `)
      .join('|'),
  );
  return [
    '| operator | marble | events | errors |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => `|${row}|`),
  ].join('\n');
}

/** The marbles of the last line. */
function resultOf(diagram: readonly string[]): string {
  return (
    /(?:^|\s{2,})(\S.*)$/
      .exec(diagram.at(-1)?.replace(/ {3}on .*$/, '') ?? '')?.[1]
      ?.replace(/^.* {2,}/, '') ?? ''
  );
}

function sectionOf(doc: OperatorDoc): string {
  const { name, file, door, signatures, sentence, diagram, prose, errors, events, example, params } = doc;
  const [first = '', ...others] = signatures;
  const shown = others.length > 2 ? [first, others.at(-1) ?? ''] : signatures;
  return [
    `### ${name}`,
    sentence,
    fenced('text', shown.join('\n')),
    fenced('text', diagram.join('\n')),
    ...params
      .map(({ name: param, text }) => `- \`${param}\`: ${text}`)
      .join('\n')
      .split(/^$/),
    ...prose,
    `**Errors:** ${errors}`,
    `**Events:** ${events}`,
    fenced('ts', example),
    `From \`${door}\`; source: [${file}](../${file}).`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
