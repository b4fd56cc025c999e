import { relative } from 'node:path';
import { type OperatorDoc, operatorDocs } from './operator-docs.ts';

/** The sections of the page, by the folder of the sources: title and introduction. */
const sections: Readonly<Record<string, readonly [string, string]>> = {
  'operators/compose': [
    'Compose steps',
    `Each gives a step. Paths are those inside another composite; a composite without a name that is all of a run adds nothing to
them: the steps of \`run(parallel({ a }), input)\` are at \`/a\`.`,
  ],
  'operators/policies': [
    'Policies',
    'Each is for `step.with(...)`. What their order means is in [policies.md](policies.md).',
  ],
  'operators/events': ['Events of a run', 'Most are for `run(step, input).pipe(...)`.'],
  'operators/triggers': ['Triggers', 'These make events, and runs of them.'],
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
  const parts = Object.entries(sections).map(([folder, [title, about]]) => {
    const here = all.filter(({ file }) => folder === relative('.', file).replace(/\/[^/]+$/, ''));
    return [`## ${title}`, about, tableOf(here), ...here.map(sectionOf)].join('\n\n');
  });
  return `${[introduction, ...parts].join('\n\n')}\n`.replace(/\{@link (\w+)\}/g, (_, name: string) =>
    all.some((one) => one.name === name) ? `[\`${name}\`](#${name.toLowerCase()})` : `\`${name}\``,
  );
}

const introduction = `# Operators

All operators of \`tutti/operators\` and \`tutti/triggers\`. This page is made from the comments in the sources: change
those, then run \`npm run docs\`.

In the diagrams, time goes from left to right. \`|\` is completion, \`#\` a failure; \`a>\` is the start of step \`a\`, \`a|\` its end,
and \`R>\` and \`R|\` those of the run. Not every event is shown.

The diagrams of composition and policies are run by the tests. In them, a dash is a millisecond, and what is in parentheses
happens at one time. A name followed by marbles says what a step does; where there are several marbles, each call has its own.
The line of \`signals$\` is what is sent to each run. A line that begins with \`then\` begins when the one above it has ended;
all others begin together.

A duration is a number of milliseconds, or words such as \`'500ms'\`, \`'30s'\`, \`'5 min'\` and \`'1h'\`. Options without
\`(required)\` may be left out.

Every example is run by the tests, and prints what its comments say.`;

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
  const line = diagram.at(-1)?.replace(/ {3}on .*$/, '') ?? '';
  return line.split(/ {2,}/).at(-1) ?? '';
}

function sectionOf(doc: OperatorDoc): string {
  const { name, file, door, signatures, sentence, diagram, prose, errors, events, example } = doc;
  const [first = '', ...others] = signatures;
  const shown = others.length > 2 ? [first, others.at(-1) ?? ''] : signatures;
  const labelled = (label: string): string[] => prose.filter((text) => text.startsWith(label));
  const labels = ['Time:', 'Unsubscribing', 'Source'];
  return [
    `### ${name}`,
    sentence,
    fenced('text', shown.join('\n')),
    fenced('text', diagram.join('\n')),
    paramsOf(doc),
    ...prose.filter((text) => !labels.some((label) => text.startsWith(label))),
    ...labelled('Time:').map((text) => text.replace(/^Time:/, '**Time:**')),
    `**Errors:** ${errors}`,
    `**Events:** ${events}`,
    ...labelled('Unsubscribing').map((text) => text.replace(/^Unsubscribing/, '**Unsubscribing**')),
    fenced('ts', example),
    ...labelled('Source'),
    `From \`${door}\`; see [${file}](../${file}).`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The parameters, and the options by themselves. */
function paramsOf({ params, options }: OperatorDoc): string {
  const lines = params.map(({ name, text }) =>
    name === 'options' && options.length > 0 ? '- `options`:' : `- \`${name}\`: ${text}`,
  );
  return [...lines, ...options.map(optionOf)].join('\n');
}

function optionOf({ name, text, required }: OperatorDoc['options'][number]): string {
  const list = text.replace(/\n+\s*- /g, '\n    - ');
  return `  - \`${name}\`${required ? ' (required)' : ''}: ${list}`;
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
