/** What the command ends with, in words. */
export const exitCodes = `Ends with 0 when all went well, 1 when a run failed, 2 when the definition, the
input or the command line cannot be used, 130 when a run was cancelled.
`;

const examples: Readonly<Record<string, readonly string[]>> = {
  tutti: ['tutti init', 'tutti run workflow.yaml --input \'{"text": "Hello"}\'', 'tutti validate *.yaml'],
  run: [
    'tutti run workflow.yaml --input @input.json --set user.name=Ada',
    'tutti run "research AND sources THEN write" --skills ./skills.ts --input \'"tides"\'',
    'tutti run workflow.yaml --max-cost 0.50 --timeout 2m',
    'tutti run workflow.yaml --json | grep step.failed',
  ],
  validate: ['tutti validate workflows/*.yaml', 'tutti validate --text "research THEN write"'],
  graph: [
    'tutti graph workflow.yaml',
    'tutti graph workflow.yaml --format svg > workflow.svg',
    'tutti graph --text "draft THEN IF_FAILURE repair"',
  ],
  skills: ['tutti skills', 'tutti skills --skills ./skills.ts --json'],
  init: ['tutti init my-workflows && cd my-workflows && npm install && npm start'],
  schema: ['tutti schema > workflow.schema.json'],
};

/** Command lines to begin with, for the end of a help text. */
export function examplesOf(command: string): string {
  return ['Examples:', ...(examples[command] ?? []).map((line) => `  ${line}`)].join('\n');
}
