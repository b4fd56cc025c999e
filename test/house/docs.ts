import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { docCommentsOf } from './doc-comments.ts';

/** The top of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A fenced `ts` block; `line` is that of its first line of code, from 1. */
interface Block {
  readonly doc: string;
  readonly line: number;
  readonly code: string;
}

/** README.md, CHANGELOG.md and docs/**\/*.md, as far as they exist, relative to `top`. */
export async function markdownFiles(top: string): Promise<string[]> {
  const names = await readdir(top);
  const docs = names.includes('docs') ? await readdir(join(top, 'docs'), { recursive: true }) : [];
  return [
    ...names.filter((name) => name === 'README.md' || name === 'CHANGELOG.md'),
    ...docs.filter((name) => name.endsWith('.md')).map((name) => join('docs', name)),
  ].sort();
}

/** The TypeScript files of some folders, relative to `top`: their doc comments hold blocks as well. */
export async function sourceFiles(top: string, folders: readonly string[]): Promise<string[]> {
  const names = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(top, folder), { recursive: true })).map((name) => join(folder, name)),
    ),
  );
  return names
    .flat()
    .filter((name) => name.endsWith('.ts'))
    .sort();
}

/** Cuts the `ts` and `typescript` blocks out of a Markdown text, indented ones too. */
export function blocksOf(doc: string, markdown: string): Block[] {
  const blocks: Block[] = [];
  let fence: { readonly marks: string; readonly line: number; readonly typescript: boolean } | undefined;
  let code: string[] = [];
  for (const [index, text] of markdown.split(/\r?\n/).entries()) {
    const [, marks, language] = /^[\s>]*(`{3,}|~{3,})\s*([^\s`]*)/.exec(text) ?? [];
    if (fence === undefined && marks !== undefined) {
      fence = { marks, line: index + 2, typescript: /^(ts|typescript)$/i.test(language ?? '') };
      code = [];
    } else if (fence !== undefined && marks?.startsWith(fence.marks) && language === '') {
      if (fence.typescript) blocks.push({ doc, line: fence.line, code: code.join('\n') });
      fence = undefined;
    } else {
      code.push(text);
    }
  }
  if (fence?.typescript)
    blocks.push({ doc, line: fence.line, code: `${code.join('\n')}\nthe fence is not closed;` });
  return blocks;
}

/**
 * Type-checks every `ts` block of some Markdown files, and of the doc comments of some sources, against the sources, each
 * block a module of its own.
 *
 * @param top the folder that the files' names are relative to
 * @param folder where the blocks are put while they are checked, below the repository's `.cache`
 * @returns how many blocks there are, and one line per problem: `README.md:12:3 error TS2304: ...`
 */
export async function checkDocs(
  top: string,
  docs: readonly string[],
  folder: string,
): Promise<{ readonly blocks: number; readonly problems: string[] }> {
  const texts = await Promise.all(docs.map((doc) => markdownOf(top, doc)));
  const blocks = docs.flatMap((doc, index) => blocksOf(doc, texts[index] ?? ''));
  const place = join(root, '.cache', folder);
  await rm(place, { recursive: true, force: true });
  if (blocks.length === 0) return { blocks: 0, problems: [] };
  await mkdir(place, { recursive: true });
  const files = new Map(blocks.map((block, index) => [`block-${index}.ts`, block]));
  for (const [name, { code }] of files) await writeFile(join(place, name), `${code}\nexport {};\n`);
  await writeFile(
    join(place, 'tsconfig.json'),
    JSON.stringify({ extends: relative(place, join(root, 'tsconfig.json')), include: ['*.ts'] }),
  );
  const output = await compile(place);
  return { blocks: blocks.length, problems: output.split('\n').filter(Boolean).map(inTheirDoc(files)) };
}

/** A file of Markdown, or what a source has of it, on its own lines. */
async function markdownOf(top: string, doc: string): Promise<string> {
  const text = await readFile(join(top, doc), 'utf8');
  return doc.endsWith('.ts') ? docCommentsOf(doc, text) : text;
}

/** What the compiler says of a project, its files named relative to the project's folder. */
function compile(place: string): Promise<string> {
  const tsc = join(root, 'node_modules/typescript7/bin/tsc');
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [tsc, '-p', '.', '--pretty', 'false'],
      { cwd: place },
      (error, stdout, stderr) => {
        if (error !== null && stdout === '') reject(new Error(`tsc failed: ${stderr}`, { cause: error }));
        else resolve(stdout);
      },
    );
  });
}

/** Moves a compiler message from its block's file to the place in the Markdown. */
function inTheirDoc(files: ReadonlyMap<string, Block>): (message: string) => string {
  return (message) => {
    const [, name, line, column, text] = /^(block-\d+\.ts)\((\d+),(\d+)\): (.*)$/.exec(message) ?? [];
    const block = files.get(name ?? '');
    return block === undefined ? message : `${block.doc}:${block.line + Number(line) - 1}:${column} ${text}`;
  };
}
