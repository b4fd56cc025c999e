import { UsageError } from '../usage-error.ts';

/** A picture of a diagram in the language of Graphviz. Errors: {@link UsageError} where the library is not installed. */
export async function toSvg(dot: string): Promise<string> {
  try {
    const { instance } = await import('@viz-js/viz');
    return (await instance()).renderString(dot, { format: 'svg' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
    throw new UsageError(
      'to draw SVG, run "npm install @viz-js/viz"; --format dot and --format mermaid need nothing',
    );
  }
}
