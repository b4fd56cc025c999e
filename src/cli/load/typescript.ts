import { register as registerHooks } from 'node:module';
import { UsageError } from '../usage-error.ts';

/**
 * Lets this process import TypeScript: by tsx where it is installed, which knows all of the language, else by Node itself where it
 * can, which knows what can be left out.
 */
export async function allowTypeScript(file: string): Promise<void> {
  const hasTsx = await registerTsx();
  if (!hasTsx && !Reflect.get(process.features, 'typescript'))
    throw new UsageError(
      `${file} is TypeScript, which Node ${process.versions.node} does not read by itself: run "npm install --save-dev tsx", or use Node 22.18 or newer, or write JavaScript`,
    );
  registerHooks(asModules(hasTsx ? 'module' : 'module-typescript'));
}

async function registerTsx(): Promise<boolean> {
  try {
    const { register } = await import('tsx/esm/api');
    register();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return false;
    throw error;
  }
}

/**
 * Takes the project's TypeScript for modules whatever its `package.json` says: as CommonJS, which a package is that says nothing, it
 * could not import this library. Hooks are in a thread of their own, so they come as a text.
 */
function asModules(format: string): string {
  const hooks = `export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  const isOwn = /\\.tsx?(\\?|$)/.test(found.url) && !found.url.includes('/node_modules/');
  return isOwn ? { ...found, format: '${format}' } : found;
}`;
  return `data:text/javascript,${encodeURIComponent(hooks)}`;
}
