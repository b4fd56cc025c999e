import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import tsconfig from '../../tsconfig.json' with { type: 'json' };

/** The built files of a door, from its source. */
function built(source: string | undefined): object {
  const stem = source?.replace(/^\.\//, './dist/').replace(/\.ts$/, '');
  return { types: `${stem}.d.ts`, default: `${stem}.js` };
}

describe('doors', () => {
  it('lead to the same sources in development as in the package', () => {
    const { './package.json': _, './schema/workflow.schema.json': __, ...doors } = manifest.exports;
    const developed = Object.entries(tsconfig.compilerOptions.paths).map(([name, [source]]) => [
      name.replace(/^tutti/, '.'),
      built(source),
    ]);
    expect(doors).toEqual(Object.fromEntries(developed));
  });
});
