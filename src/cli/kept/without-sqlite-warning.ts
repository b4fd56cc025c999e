/**
 * Lets Node print its warnings but the one that its SQLite is an experiment: users of the command cannot do anything about
 * that, and it would stand in the midst of what they read.
 */
export function withoutSqliteWarning(from: NodeJS.Process = process): void {
  const printers = from.listeners('warning');
  from.removeAllListeners('warning');
  from.on('warning', (warning) => {
    if (warning.name === 'ExperimentalWarning' && warning.message.startsWith('SQLite ')) return;
    for (const print of printers) print(warning);
  });
}
