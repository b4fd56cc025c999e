import { cpus, loadavg, totalmem, type } from 'node:os';
import { loadEngine } from './engines/load-engine.ts';
import { versionOf } from './packages.ts';

/** Where and when something was measured, and what. */
export interface Machine {
  readonly date: string;
  readonly node: string;
  readonly v8: string;
  readonly machine: string;
  /** How many processes wanted a processor in the minute before: more than there are processors, and times are noisy. */
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
}

export async function machineOf(engines: readonly string[]): Promise<Machine> {
  const loaded = await Promise.all(engines.map(loadEngine));
  const names = [...new Set(loaded.flatMap(({ packages }) => packages))];
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    node: process.version,
    v8: process.versions.v8,
    machine: `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()}`,
    load: loadavg()[0] ?? 0,
    versions: Object.fromEntries(names.map((name) => [name, versionOf(name)])),
  };
}

/** The same in a few lines. */
export function machineText({ date, node, v8, machine, load, versions }: Machine): string {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${date} UTC, Node ${node} (V8 ${v8}), ${machine}, load ${load.toFixed(1)}\n${packages.join(', ')}`;
}
