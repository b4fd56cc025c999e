import type { Engine } from '../engine.ts';

/** Where the engines are; those in `peers` need what test/bench/package.json installs. */
const places: Readonly<Record<string, string>> = {
  tutti: './tutti.ts',
  events: './events.ts',
  sparing: './events.ts',
  plain: './plain.ts',
  rxjs: './rxjs.ts',
  effect: '../peers/effect.ts',
  langchain: '../peers/langchain.ts',
  langgraph: '../peers/langgraph.ts',
  xstate: '../peers/xstate.ts',
};

/** All engines, in the order in which they are printed. */
export const engineNames: readonly string[] = Object.keys(places);

/** Those of some workloads only. */
const placesOfSome: Readonly<Record<string, string>> = {
  orchestra: './orchestra.ts',
  orchestra64: './orchestra.ts',
  bare: './bare.ts',
  langgraphSqlite: '../peers/langgraph-sqlite.ts',
};

/** Whether an engine of some workloads is to be measured, where these engines are: one that needs `langgraph` goes with it. */
export function goesWith(engines: readonly string[], name: string): boolean {
  const whole = engineNames.find((known) => name.startsWith(known));
  return whole === undefined || engines.includes(whole);
}

/** Loads an engine, and with it its library. */
export async function loadEngine(name: string): Promise<Engine> {
  if (name.startsWith('tutti+'))
    return (await import('./policies.ts')).tuttiWith(name.slice('tutti+'.length));
  const place = places[name] ?? placesOfSome[name];
  if (place === undefined) throw new RangeError(`no engine is called ${name}: ${engineNames.join(', ')}`);
  const module: Readonly<Record<string, Engine>> = await import(place);
  const engine = module[name];
  if (engine === undefined) throw new RangeError(`${place} has no ${name}`);
  return engine;
}
