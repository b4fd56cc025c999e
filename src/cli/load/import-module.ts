import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { textOf } from '../../core/errors.ts';
import { UsageError } from '../usage-error.ts';
import { allowTypeScript } from './typescript.ts';

/** Imports a module of the user's: TypeScript or JavaScript. Errors: {@link UsageError}. */
export async function importModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  const path = resolve(file);
  await access(path).catch(() => {
    throw new UsageError(`there is no file ${file}`);
  });
  if (!/\.[cm]?[jt]sx?$/i.test(path))
    throw new UsageError(`${file} is no module with skills: those are TypeScript or JavaScript`);
  if (/\.[cm]?tsx?$/i.test(path)) await allowTypeScript(file);
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    throw new UsageError(`${file} cannot be loaded: ${textOf(error)}${hint(error)}`, { cause: error });
  }
}

function hint(error: unknown): string {
  const said = error instanceof Error ? error.message : '';
  const missing = /Cannot find package '([^']+)'/.exec(said)?.[1];
  if (missing !== undefined) return `\nInstall it there: npm install ${missing}`;
  if (/Cannot use import statement outside a module|Unexpected token 'export'/.test(said))
    return '\nIt is read as CommonJS: give its name the ending .mjs, or write "type": "module" in package.json';
  return '';
}
