import { describe, expect, it } from 'vitest';
import { workflowSource } from '../../../src/cli/load/workflow-source.ts';

const refusal = (given: string): Promise<string> =>
  workflowSource(given).then(
    ({ file }) => `taken for ${file ?? 'a text'}`,
    (error: Error) => error.message,
  );

describe('workflowSource', () => {
  it('takes a file where there is one or it looks like one, else a text', async () => {
    expect(await workflowSource('examples/support.toml')).toMatchObject({ file: 'examples/support.toml' });
    expect(await workflowSource('draft THEN polish it.yaml')).toMatchObject({ file: undefined });
    expect(await workflowSource('examples')).toEqual({ file: undefined, text: 'examples' });
  });

  it('names the file that was probably meant, whatever its ending', async () => {
    expect(await refusal('examples/support.yaml')).toBe(
      'there is no file examples/support.yaml; did you mean examples/support.toml?',
    );
    expect(await refusal('./examples/suport')).toBe(
      'there is no file ./examples/suport; did you mean examples/support.toml?',
    );
    expect(await refusal('examples/none.yaml')).toBe('there is no file examples/none.yaml');
  });

  it('says that a name is empty', async () => {
    expect(await refusal('')).toBe('the name of the workflow file, or its text, is empty');
  });

  it('says that a folder is one', async () => {
    for (const folder of ['.', '..', 'examples/'])
      expect(await refusal(folder)).toBe(`${folder} is a folder; name a workflow file in it`);
  });
});
