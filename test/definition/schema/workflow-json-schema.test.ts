import { describe, expect, it } from 'vitest';
import { workflowJsonSchema } from '../../../src/definition/schema/workflow-json-schema.ts';

describe('workflowJsonSchema', () => {
  it('is what schema/workflow.schema.json holds (`vitest -u` writes it anew)', async () => {
    const text = `${JSON.stringify(workflowJsonSchema(), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot('../../../schema/workflow.schema.json');
  });

  it('knows fields by their other names, and asks for one of them', () => {
    const { definitions } = workflowJsonSchema() as { definitions: Record<string, Record<string, unknown>> };
    expect(definitions.Step).toMatchObject({
      required: ['id'],
      allOf: [{ anyOf: [{ required: ['uses'] }, { required: ['skill_id'] }, { required: ['skillId'] }] }],
      properties: { depends_on: { description: 'The same as dependsOn.' } },
      additionalProperties: false,
    });
    expect(definitions.Retry).toMatchObject({ properties: { initial_delay: { type: 'number' } } });
  });
});
