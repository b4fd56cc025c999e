import { readdir, readFile } from 'node:fs/promises';
import { format } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { root } from './run-file.ts';

const folder = `${root}examples/patterns/`;
const page = await readFile(`${root}docs/patterns.md`, 'utf8');
const fence = (language: string): string => `\`\`\`${language}\\n((?:(?!\`\`\`).)*)\`\`\``;
const shown = [
  ...page.matchAll(
    new RegExp(
      `\\[([\\w-]+\\.ts)\\]\\(\\.\\./examples/patterns/\\1\\):\\n\\n${fence('ts')}\\n\\n${fence('text')}`,
      'gs',
    ),
  ),
].map(([, file = '', code = '', output = '']) => ({ file, code, output }));

describe('docs/patterns.md', () => {
  afterEach(() => vi.restoreAllMocks());

  it('shows every pattern', async () => {
    const files = await readdir(folder);
    expect(shown.map(({ file }) => file).sort()).toEqual(files.sort());
  });

  it('leads from its table to each of its sections', () => {
    const titles = [...page.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title);
    const links = [...page.matchAll(/^\| \[(.+?)\]\(#(.+?)\) \|/gm)];
    expect(links.map(([, title]) => title)).toEqual(titles);
    for (const [, title = '', anchor] of links)
      expect(anchor).toBe(
        title
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      );
    expect(shown).toHaveLength(titles.length);
  });

  it.each(shown)('shows $file as it is, in at most 40 lines', async ({ file, code }) => {
    expect(code).toBe(await readFile(`${folder}${file}`, 'utf8'));
    expect(code.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  });

  it.each(shown)('shows what $file prints', { timeout: 60_000 }, async ({ file, output }) => {
    const lines: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((...words) => {
      lines.push(`${format(...words)}\n`);
    });
    await import(`${folder}${file}`);
    expect(lines.join('')).toBe(output);
  });

  it.each(shown)('needs neither casts nor anything but the doors in $file', ({ code }) => {
    const withoutProse = code.replace(/'[^'\n]*'|`[^`]*`|\/\/.*/g, '');
    expect(withoutProse).not.toMatch(/\bas\b|\bany\b|@ts-|!\./);
    const imported = [...code.matchAll(/ from '(.+)';$/gm)].map(([, name]) => name);
    expect(imported.every((name) => /^(tutti|tutti\/operators|rxjs|node:.+)$/.test(name ?? ''))).toBe(true);
  });
});
