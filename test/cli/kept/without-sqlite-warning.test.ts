import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { withoutSqliteWarning } from '../../../src/cli/kept/without-sqlite-warning.ts';

it('leaves out what Node says of its SQLite, and nothing else', () => {
  const fake = new EventEmitter() as NodeJS.Process;
  const printed: string[] = [];
  fake.on('warning', ({ message }: Error) => void printed.push(message));
  withoutSqliteWarning(fake);
  const warn = (name: string, message: string) =>
    fake.emit('warning', Object.assign(new TypeError(message), { name }));
  warn('ExperimentalWarning', 'SQLite is an experimental feature and might change at any time');
  warn('ExperimentalWarning', 'Another is one');
  warn('DeprecationWarning', 'SQLite of old');
  expect(printed).toEqual(['Another is one', 'SQLite of old']);
});
