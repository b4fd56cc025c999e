import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';
import {
  type DatabaseSyncInstance,
  type EnhancedDatabaseSync,
  enhance,
  type StatementSyncInstance,
} from '@photostructure/sqlite';
import { incrementLater } from '../bodies.ts';
import type { Engine, Task } from '../engine.ts';
import { silent } from '../outcome.ts';
import { countIn, openSqlite, storeFile } from '../store-file.ts';
import type { Durability } from '../workloads/durable.ts';
import { compiledChain } from './langgraph.ts';

/**
 * LangGraph.js with its SQLite checkpointer, which writes each checkpoint before the next node begins. Its own driver would have to be
 * compiled, so it has the one that the others have.
 */
export const langgraphSqlite: Engine = {
  name: 'langgraphSqlite',
  packages: ['@langchain/langgraph-checkpoint-sqlite'],
  tells: false,
  tasks: {
    'durable-power': (size) => checkpointing(size, 'power'),
    'durable-process': (size) => checkpointing(size, 'process'),
  },
};

function checkpointing(size: number, durability: Durability): Task {
  const file = storeFile('langgraph.db');
  const checkpointer = new SqliteSaver(likeItsDriver(openSqlite(file, durability)));
  const bodies = Array.from({ length: size }, () => incrementLater);
  const chain = compiledChain(bodies, { checkpointer });
  let threads = 0;
  const run = async (value: number) => {
    const configurable = { thread_id: `thread-${threads++}` };
    const { value: output } = await chain.invoke(
      { value },
      { configurable, durability: 'sync', recursionLimit: size + 2 },
    );
    return silent(output);
  };
  // The first two checkpoints of a thread are of its input and its start.
  const counted = `SELECT count(*) AS count FROM checkpoints WHERE json_extract(CAST(metadata AS TEXT), '$.step') > 0`;
  return Object.assign(run, { written: () => countIn(file, counted) });
}

type Value = Parameters<StatementSyncInstance['run']>[number];

/** Its own driver takes `undefined` for null. */
function likeItsDriver(db: DatabaseSyncInstance): EnhancedDatabaseSync<DatabaseSyncInstance> {
  const prepare = (sql: string): unknown => {
    const statement = db.prepare(sql);
    return {
      run: (...values: readonly Value[]) => statement.run(...values.map((value) => value ?? null)),
      get: (...values: readonly Value[]) => statement.get(...values),
      all: (...values: readonly Value[]) => statement.all(...values),
    };
  };
  const { pragma, transaction } = enhance(db);
  return {
    exec: (sql: string) => db.exec(sql),
    prepare,
    pragma: pragma.bind(db),
    transaction: transaction.bind(db),
  } as unknown as EnhancedDatabaseSync<DatabaseSyncInstance>;
}
