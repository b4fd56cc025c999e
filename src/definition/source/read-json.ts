import { jsonFlaw } from '../../problems/json-flaw.ts';
import type { Located } from './located.ts';
import { readYaml } from './read-yaml.ts';
import type { Reading } from './reading.ts';

/** Reads JSON. Every JSON text is YAML too, whose parser says where things are; what is YAML only is refused. */
export function readJson(reading: Reading): Located | undefined {
  const { text } = reading.source;
  const flaw = jsonFlaw(text);
  if (flaw === undefined) return readYaml(reading);
  const { offset, length, message } = flaw;
  reading.add({ start: offset, length }, `this is not JSON: ${message}`);
  return undefined;
}
