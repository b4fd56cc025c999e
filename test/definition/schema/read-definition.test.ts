import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/definition/schema/read-definition.ts';
import { Reading } from '../../../src/definition/source/reading.ts';

function read(text: string) {
  const reading = new Reading(text);
  const definition = readDefinition(reading)?.definition;
  const problems = reading.problems.map(
    ({ line, column, message, suggestion }) =>
      `${line}:${column} ${message}${suggestion === undefined ? '' : ` -> ${suggestion}`}`,
  );
  return { definition, problems };
}

describe('readDefinition', () => {
  it("takes MachPay's names", () => {
    const { definition, problems } = read(`
name: content-moderation
steps:
  - id: analyze
    skill_id: content-analyzer
    input_mapping: { text: $.input.text }
    retry: { max_retries: 3, backoff_factor: 2.0, initial_delay: 0.5, max_delay: 60, retry_on: [500, 503], retry_on_timeout: false }
  - id: moderate
    skill_id: content-moderator
    depends_on: [analyze]
    fallback: { id: basic, skill_id: basic-llm }
on_error: { action: continue, notify_webhook: "https://your-server.com/workflow-error" }
`);
    expect(problems).toEqual([]);
    expect(definition).toEqual({
      name: 'content-moderation',
      steps: [
        {
          id: 'analyze',
          uses: 'content-analyzer',
          input: { text: '$.input.text' },
          retry: {
            maxRetries: 3,
            factor: 2,
            delay: '0.5s',
            maxDelay: '60s',
            on: [500, 503],
            onTimeout: false,
          },
        },
        {
          id: 'moderate',
          uses: 'content-moderator',
          dependsOn: ['analyze'],
          fallback: { id: 'basic', uses: 'basic-llm' },
        },
      ],
      onError: { action: 'continue', notifyWebhook: 'https://your-server.com/workflow-error' },
    });
  });

  it("takes Goblin's tables", () => {
    const { definition, problems } = read(`
flow = "Draft THEN polish"

[workflow]
max_parallel_steps = 5
step_timeout = 300  # seconds
max_retries = 3
fail_fast = false  # Continue on step failure

[workflow.cost_control]
max_cost_per_workflow = 1.0
budget_alert_threshold = 0.8

[workflow.steps]
code_generation = { preferred_providers = ["openai.gpt-4", "anthropic.claude-3"] }
testing = { preferred_providers = ["ollama.codellama"] }

[debug]
workflow_tracing = true
save_intermediate_results = true
log_step_details = true

[webhooks]
workflow_complete = "https://api.company.com/webhook/workflow-done"
step_complete = "https://api.company.com/webhook/step-done"
error_occurred = "https://api.company.com/webhook/error"
`);
    expect(problems).toEqual([]);
    expect(definition).toEqual({
      flow: 'Draft THEN polish',
      maxParallelSteps: 5,
      defaults: { timeout: '300s', retry: 3 },
      failFast: false,
      budget: { usd: 1, alertAt: 0.8 },
      providers: {
        code_generation: { preferredProviders: ['openai.gpt-4', 'anthropic.claude-3'] },
        testing: { preferredProviders: ['ollama.codellama'] },
      },
      debug: { workflowTracing: true, saveIntermediateResults: true, logStepDetails: true },
      webhooks: {
        workflowComplete: 'https://api.company.com/webhook/workflow-done',
        stepComplete: 'https://api.company.com/webhook/step-done',
        errorOccurred: 'https://api.company.com/webhook/error',
      },
    });
  });

  it('takes a flow under the name that its server gave it, and a version as it is written', () => {
    expect(read('{"workflow": "A THEN B", "version": 1.10}').definition).toEqual({
      flow: 'A THEN B',
      version: '1.10',
    });
  });

  it('says of every field what is wrong with it, and where', () => {
    const { problems } = read(`name: x
steps:
  - id: a
    uses: 5
    needs: [b]
    timeout: 30
    retry: often
    condtion: $.input.a
  - id: b
    retry: { max_retries: -1, retri_on: [500], on: [5000] }
    timeout: 5 apples
    cache: 7
    forEach: { over: $.input.list, onError: ignore }
  - uses: c
    dependsOn: 1
    depends_on: [a]
    budget: { usd: -1 }
onErorr: continue
onError: contine
webhooks: { error_occurred: not-an-address }
maxParallelSteps: 0.5
`);
    expect(problems.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))).toEqual([
      '4:11 uses must be a text, not 5',
      '5:5 a step has no field needs -> dependsOn',
      '6:14 timeout: 30 has no unit: write "30s" or "30ms"',
      '7:12 retry must be a number or a record, not "often"',
      '8:5 a step has no field condtion -> condition',
      '9:5 a step needs uses (the name of a skill)',
      '10:27 maxRetries must be at least 0, not -1',
      '10:53 an item of on must be at most 599, not 5000',
      '10:31 retry has no field retri_on -> retry_on',
      '11:14 timeout: a duration is a number with a unit, such as "30s", "250ms" or "1h30m"',
      '12:12 cache must be true or false or a record, not 7',
      '13:45 onError must be abort or continue, not "ignore"',
      '14:5 a step needs id (what others call it: $.steps.<id>.output)',
      '15:16 dependsOn must be a text or a list, not 1',
      '16:5 depends_on and dependsOn are the same; one is enough',
      '17:20 usd must be at least 0, not -1',
      '18:1 a workflow has no field onErorr -> onError',
      '19:10 onError must be "continue", "abort", "retry" or a record, not "contine" -> continue',
      '20:29 errorOccurred must be an address that begins with https:// or http://',
      '21:19 maxParallelSteps must be a whole number, not 0.5',
    ]);
  });

  it.each(['-1', '-1s', '-0.5', '.inf', '-.inf', '"- 5m"'])('takes no time such as %s', (time) => {
    expect(read(`steps: [{ id: a, uses: b, timeout: ${time} }]`).problems).toEqual([
      '1:36 timeout: a time is 0 or longer, such as "30s"',
    ]);
  });

  it('says where a field belongs that stands after a table', () => {
    expect(read('[debug]\nworkflow_tracing = true\nflow = "a THEN b"').problems).toEqual([
      '3:1 flow belongs at the top of the file, before debug',
    ]);
  });

  it('says what is given twice', () => {
    expect(read('max_retries = 1\n[workflow]\nmax_retries = 3').problems).toEqual([
      '3:1 defaults is given twice',
    ]);
  });

  it.each(['', '[]', 'x', '[1, 2]'])('refuses what is no record: %j', (text) => {
    expect(read(text).problems).toEqual(['1:1 a workflow is a record with steps, or a flow']);
  });
});
