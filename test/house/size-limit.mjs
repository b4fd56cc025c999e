import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * What a browser loads for these modules together, dependencies included; the peers rxjs and zod are not counted.
 *
 * @param options `limit`; `from`, the folder that finds the modules; more of esbuild's options
 */
export function weigh(name, modules, { limit, from = root, ...esbuild }) {
  const contents = modules.map((module) => `export * from '${module}';`).join('\n');
  return {
    name,
    ...(limit !== undefined && { limit }),
    gzip: true,
    path: '../../dist/src/index.js',
    modifyEsbuildConfig: ({ entryPoints, ...config }) => ({
      ...config,
      format: 'esm',
      ...esbuild,
      stdin: { contents, resolveDir: from },
    }),
  };
}

export default [
  weigh('tutti', ['./dist/src/index.js'], { limit: '16 kB' }),
  weigh('tutti and tutti/operators', ['./dist/src/index.js', './dist/operators/index.js'], {
    limit: '48 kB',
  }),
  weigh('tutti and tutti/text', ['./dist/src/index.js', './dist/src/text/index.js'], { limit: '30 kB' }),
  weigh('tutti and tutti/definition', ['./dist/src/index.js', './dist/src/definition/index.js'], {
    limit: '156 kB',
  }),
];
