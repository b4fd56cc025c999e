import { readFile } from 'node:fs/promises';
import { DefinitionError } from 'tutti';
import { parse } from 'tutti/text';
import { describe, expect, it } from 'vitest';

const page = new URL('../../docs/text.md', import.meta.url);
const providers = ['GPT-4', 'Claude'];

describe('docs/text.md', () => {
  it('has examples that can be read', async () => {
    const rows = [...(await readFile(page, 'utf8')).matchAll(/^\| (`.+?`) \| /gm)].slice(0, 11);
    const texts = rows.flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text),
    );
    expect(texts.length).toBeGreaterThan(11);
    for (const text of texts) expect(parse(text, { providers }).phases.length).toBeGreaterThan(0);
  });

  it('shows errors as they are', async () => {
    const block = /```text\n(workflow text: 3 problems\n[\s\S]*?)\n```/.exec(
      await readFile(page, 'utf8'),
    )?.[1];
    const wrong = block?.split('\n')[2]?.trim() ?? '';
    let message = '';
    try {
      parse(wrong);
    } catch (error) {
      if (error instanceof DefinitionError) message = error.message;
    }
    expect(message).toBe(block);
  });
});
