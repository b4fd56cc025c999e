// Runs when files change: changes that come together make one run, and the next waits for the one before.
import { mkdtemp, rm, watch, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bufferTime, filter, from, map, take } from 'rxjs';
import { step } from 'tutti';
import { ofType, onEach } from 'tutti/operators';

const fileChanges = (folder: string, signal: AbortSignal) =>
  from(watch(folder, { signal })).pipe(map(({ filename }) => filename ?? folder));

const index = step('index', (files: ReadonlySet<string>) => `indexed ${[...files].join(', ')}`);

const folder = await mkdtemp(join(tmpdir(), 'tutti-'));
const watching = new AbortController();
const indexed = fileChanges(folder, watching.signal)
  .pipe(
    bufferTime(50),
    filter((files) => files.length > 0),
    onEach(index, { input: (files) => new Set(files) }),
    ofType('run.completed'),
    take(1),
  )
  .forEach(({ output }) => {
    console.log(output);
  });

await writeFile(join(folder, 'notes.txt'), 'the sea is calm');
await indexed;
watching.abort();
await rm(folder, { recursive: true });
