import { spawnSync } from 'node:child_process';
import { benchFolder, dependenciesOf, folderOf, installedBytes, root } from './packages.ts';
import type { Row, Section, Verdict } from './result.ts';

interface Weight {
  readonly name: string;
  readonly size: number;
}

/** What is installed, and what a bundle weighs. */
export function sizeOf(packages: readonly string[]): readonly Section[] {
  const others = packages.filter((name) => name !== 'tutti' && folderOf(name, benchFolder) !== undefined);
  const installed = [
    row('tutti', packedBytes() + installedBytes(dependenciesOf(root))),
    ...others.map((name) => row(name, installedBytes([folderOf(name, benchFolder)!]))),
  ];
  const ours = weights('test/house/size-limit.mjs');
  const theirs = others.length > 1 ? weights('test/bench/size-limit.mjs') : [];
  return [
    section('installed', 'installed size with dependencies, without peers', installed, []),
    section(
      'gzip',
      'bundled by esbuild, minified and gzipped',
      [...ours, ...theirs].map(({ name, size }) => row(name, size)),
      [under('gzip: tutti', ours[0], 12), under('gzip: tutti with all operators', ours[1], 30)],
    ),
  ];
}

const row = (name: string, bytes: number): Row => ({ name, value: bytes / 1000 });

function section(name: string, title: string, rows: readonly Row[], verdicts: readonly Verdict[]): Section {
  return { name, title, unit: 'kB', rows, verdicts };
}

function under(mark: string, weight: Weight | undefined, kiloBytes: number): Verdict {
  const got = (weight?.size ?? Number.NaN) / 1000;
  return { mark, wanted: `< ${kiloBytes} kB`, got: `${got.toFixed(1)} kB`, met: got < kiloBytes };
}

/** What `npm pack` would pack, unpacked. */
function packedBytes(): number {
  const packed: { unpackedSize: number }[] = JSON.parse(
    output('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--silent']),
  );
  return packed[0]?.unpackedSize ?? Number.NaN;
}

/** Asks size-limit, which ends with a code of its own when a limit is passed. */
function weights(config: string): Weight[] {
  return JSON.parse(
    output(process.execPath, ['node_modules/size-limit/bin.js', '--json', '--config', config]),
  );
}

function output(command: string, args: readonly string[]): string {
  return spawnSync(command, args, { cwd: root, encoding: 'utf8' }).stdout;
}
