import { maxFileSize } from './limits.ts';
import type { Located } from './located.ts';
import { readJson } from './read-json.ts';
import { readToml } from './read-toml.ts';
import { readYaml } from './read-yaml.ts';
import type { Reading } from './reading.ts';

/** How a file is written. */
export type FileFormat = 'yaml' | 'toml' | 'json';

const readers = { yaml: readYaml, toml: readToml, json: readJson } as const;

/** Reads a text into data with places, in the format given, or else the one that its file's name or its looks tell of. */
export function readText(reading: Reading, format?: FileFormat): Located | undefined {
  const { text, file } = reading.source;
  if (text.length > maxFileSize) {
    reading.add({ start: 0, length: 0 }, `a file has at most ${maxFileSize} characters, not ${text.length}`);
    return undefined;
  }
  return readers[format ?? byName(file) ?? byLooks(text)](reading);
}

function byName(file = ''): FileFormat | undefined {
  const extension = /\.([a-z]+)$/i.exec(file)?.[1]?.toLowerCase();
  if (extension === 'toml' || extension === 'json') return extension;
  return extension === 'yaml' || extension === 'yml' ? 'yaml' : undefined;
}

function byLooks(text: string): FileFormat {
  if (/^\s*\{/.test(text)) return 'json';
  const [line = ''] = text.split('\n').filter((one) => !/^\s*(#.*)?$/.test(one));
  return /^\s*(\[+[\w.$"' -]+\]+\s*(#.*)?$|[\w.$"'-]+\s*=)/.test(line) ? 'toml' : 'yaml';
}
