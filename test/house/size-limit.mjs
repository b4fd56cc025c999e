import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a browser loads for these doors together, dependencies included; the peers rxjs and zod are not counted. */
function weigh(name, doors, limit) {
  const contents = doors.map((door) => `export * from '${door}';`).join('\n');
  return {
    name,
    limit,
    gzip: true,
    path: '../../dist/src/index.js',
    modifyEsbuildConfig: ({ entryPoints, ...config }) => ({
      ...config,
      format: 'esm',
      stdin: { contents, resolveDir: root },
    }),
  };
}

export default [
  weigh('tutti', ['./dist/src/index.js'], '13.5 kB'),
  weigh('tutti and tutti/operators', ['./dist/src/index.js', './dist/operators/index.js'], '41.5 kB'),
  weigh('tutti and tutti/text', ['./dist/src/index.js', './dist/src/text/index.js'], '30 kB'),
];
