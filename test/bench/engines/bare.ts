import { incrementLater } from '../bodies.ts';
import type { Engine, Task } from '../engine.ts';
import { silent } from '../outcome.ts';
import { countOf, openSqlite, storeFile } from '../store-file.ts';
import type { Durability } from '../workloads/durable.ts';

/** Hand-written async/await that inserts a row for each step, each in a transaction of its own: the limit for who keeps steps. */
export const bare: Engine = {
  name: 'bare',
  packages: ['@photostructure/sqlite'],
  tells: false,
  tasks: {
    'durable-power': (size) => inserting(size, 'power'),
    'durable-process': (size) => inserting(size, 'process'),
  },
};

function inserting(size: number, durability: Durability): Task {
  const db = openSqlite(storeFile('bare.db'), durability);
  db.exec('CREATE TABLE steps (id INTEGER PRIMARY KEY, body TEXT NOT NULL)');
  const insert = db.prepare('INSERT INTO steps (body) VALUES (?)');
  const paths = Array.from({ length: size }, (_, index) => `/s${index}`);
  const run = async (input: number) => {
    let output = input;
    for (const path of paths) {
      output = await incrementLater(output);
      insert.run(JSON.stringify({ path, output, at: Date.now() }));
    }
    return silent(output);
  };
  // The package closes a connection that nothing refers to, in spite of its statements.
  const written = (): number => countOf(db, 'SELECT count(*) AS count FROM steps');
  return Object.assign(run, { written });
}
