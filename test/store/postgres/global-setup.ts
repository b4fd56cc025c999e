import { serverFolder, TestServer } from './server.ts';

/** Keeps a place for the PostgreSQL that the tests share, which the first of them to need it starts; stops it at the end. */
export function setup(): () => Promise<void> {
  const folder = serverFolder();
  process.env.TUTTI_TEST_POSTGRES = folder;
  process.env.TUTTI_TEST_PID = String(process.pid);
  return () => new TestServer(folder, process.pid).remove();
}
