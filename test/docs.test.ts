import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blocksOf, checkDocs, markdownFiles, root, sourceFiles } from './house/docs.ts';

describe('documentation', () => {
  it('type-checks in every fenced ts block', { timeout: 120_000 }, async () => {
    const docs = await markdownFiles(root);
    const { problems } = await checkDocs(root, docs, 'docs');
    expect(problems).toEqual([]);
  });

  it('type-checks in the examples of doc comments', { timeout: 120_000 }, async () => {
    const sources = await sourceFiles(root, ['operators', 'src']);
    const { blocks, problems } = await checkDocs(root, sources, 'doc-comments');
    expect(problems).toEqual([]);
    expect(blocks).toBeGreaterThanOrEqual(50);
  });
});

describe('checkDocs', () => {
  it("reports an error at the Markdown file's own line", { timeout: 120_000 }, async () => {
    const top = join(root, '.cache', 'docs-with-an-error');
    await mkdir(join(top, 'docs', 'deep'), { recursive: true });
    await writeFile(join(top, 'README.md'), '# A\n\n```ts\nexport const a: number = 1;\n```\n');
    await writeFile(
      join(top, 'docs', 'deep', 'guide.md'),
      "text\n\n- item\n  ```typescript\n  import { nothing } from 'tutti';\n  const a: string = 'its own module';\n  ```\n",
    );
    const docs = await markdownFiles(top);
    const { blocks, problems } = await checkDocs(top, docs, 'docs-with-an-error-blocks');
    expect(blocks).toBe(2);
    expect(problems).toEqual([expect.stringMatching(/^docs\/deep\/guide\.md:5:\d+ error TS2305: .*nothing/)]);
  });
});

describe('checkDocs of a source', () => {
  it("reports an error in a doc comment at the file's own line", { timeout: 120_000 }, async () => {
    const top = join(root, '.cache', 'source-with-an-error');
    await mkdir(top, { recursive: true });
    const source = [
      "const text = '```ts';",
      'interface Inner {',
      '  /**',
      '   * Holds.',
      '   *',
      '   * ```ts',
      "   * import { nothing } from 'tutti';",
      '   * ```',
      '   */',
      '  held: string;',
      '}',
    ];
    await writeFile(join(top, 'a.ts'), source.join('\n'));
    const { blocks, problems } = await checkDocs(
      top,
      await sourceFiles(top, ['.']),
      'source-with-an-error-blocks',
    );
    expect(blocks).toBe(1);
    expect(problems).toEqual([expect.stringMatching(/^a\.ts:7:\d+ error TS2305: .*nothing/)]);
  });
});

describe('blocksOf', () => {
  it('takes ts blocks only, and longer fences whole', () => {
    const markdown =
      '```sh\nnpm i\n```\n\n````ts title="x"\nconst a = `\n```\n`;\n````\n\n~~~ts\nb;\n~~~\n```js\nc\n```';
    expect(blocksOf('a.md', markdown)).toEqual([
      { doc: 'a.md', line: 6, code: 'const a = `\n```\n`;' },
      { doc: 'a.md', line: 12, code: 'b;' },
    ]);
  });

  it('does not let an open fence pass', () => {
    expect(blocksOf('a.md', '```ts\nconst a = 1;')[0]?.code).toContain('the fence is not closed');
  });
});
