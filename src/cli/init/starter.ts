import type { Manifest } from './completed-manifest.ts';

/** A project to start from. */
export interface Starter {
  readonly manifest: Manifest & { readonly name: string };
  /** The other files, by name. */
  readonly files: Readonly<Record<string, string>>;
}

/** @param tutti what the project depends on as `tutti` */
export function starter(name: string, tutti: string): Starter {
  return {
    manifest: {
      name,
      ...{ private: true, type: 'module' },
      scripts,
      // The last two are what http.request needs
      dependencies: { rxjs: '^7.8.1', tutti, zod: '^4.0.0', 'ipaddr.js': '^2.5.0', undici: '^7.30.2' },
      // Node 22.18 and newer read TypeScript without it
      devDependencies: { tsx: '^4.19.0' },
    },
    files: {
      'tutti.config.ts': skills,
      'workflow.yaml': workflow,
      'input.json': `${JSON.stringify({ text: 'Steps run as soon as what they depend on has ended.' }, null, 2)}\n`,
      'tsconfig.json': `${JSON.stringify(tsconfig, null, 2)}\n`,
      '.gitignore': 'node_modules/\n',
    },
  };
}

const scripts = {
  start: 'tutti run workflow.yaml --input @input.json',
  text: 'tutti run "count-words AND Draft a headline THEN Make it shorter" --input @input.json',
  validate: 'tutti validate workflow.yaml',
  graph: 'tutti graph workflow.yaml --format mermaid',
};

const tsconfig = {
  compilerOptions: { target: 'es2022', module: 'nodenext', strict: true, noEmit: true, skipLibCheck: true },
};

const workflow = `# yaml-language-server: $schema=./node_modules/tutti/schema/workflow.schema.json
name: first-workflow
input:
  type: object
  required: [text]
  properties:
    text: { type: string }

steps:
  - id: analyze
    uses: count-words
    input:
      text: $.input.text

  # Runs only for texts with enough words.
  - id: summarize
    uses: first-words
    condition: $.steps.analyze.output.words > 5
    input:
      text: $.input.text
      count: 5

  # Where shouting fails, whispering takes over.
  - id: announce
    uses: shout
    fallback: whisper
    input:
      text: "{{ $.steps.analyze.output.words }} words: {{ $.steps.summarize.output.text }}"
`;

const skills = `import { step } from 'tutti';
import type { TaskInput } from 'tutti/text';
import { z } from 'zod';

const text = z.object({ text: z.string() });

/** Every step that is exported here is a skill that workflow.yaml can use. */
export const countWords = step({
  id: 'count-words',
  input: text,
  output: z.object({ words: z.number() }),
  run: ({ text }) => ({ words: text.split(/\\s+/).length }),
});

export const firstWords = step({
  id: 'first-words',
  input: text.extend({ count: z.number() }),
  output: text,
  async *run({ text, count }, ctx) {
    const words = text.split(/\\s+/).slice(0, count);
    for (const [index, word] of words.entries()) {
      yield \`\${word} \`; // streamed while the step runs
      ctx.progress((index + 1) / words.length);
    }
    return { text: words.join(' ') };
  },
});

export const shout = step({
  id: 'shout',
  input: text,
  output: text,
  run({ text }) {
    if (text.length > 60) throw new RangeError('too long to shout');
    return { text: text.toUpperCase() };
  },
});

export const whisper = step({
  id: 'whisper',
  input: text,
  output: text,
  run: ({ text }) => ({ text: text.toLowerCase() }),
});

/** Does the tasks of texts that name no skill, as in: npx tutti run "Draft a headline THEN Make it shorter". Ask your model here. */
export const assistant = step('assistant', ({ task, prompt, provider = 'nobody' }: TaskInput) => {
  return \`\${task}: \${provider} was asked, with a prompt of \${prompt.length} characters\`;
});

export const defaultSkill = 'assistant';
`;
