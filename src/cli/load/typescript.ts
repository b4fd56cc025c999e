import { UsageError } from '../usage-error.ts';

/**
 * Lets this process import TypeScript: by tsx where it is installed, which knows all of the language, else by Node itself where it
 * can, which knows what can be left out.
 */
export async function allowTypeScript(file: string): Promise<void> {
  try {
    const { register } = await import('tsx/esm/api');
    register();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
    if (Reflect.get(process.features, 'typescript')) return;
    throw new UsageError(
      `${file} is TypeScript, which Node ${process.versions.node} does not read by itself: run "npm install --save-dev tsx", or use Node 22.18 or newer, or write JavaScript`,
    );
  }
}
