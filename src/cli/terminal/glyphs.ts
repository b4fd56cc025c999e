/** The signs that a view is drawn with. */
export interface Glyphs {
  readonly completed: string;
  readonly failed: string;
  readonly running: string;
  readonly waiting: string;
  readonly retrying: string;
  readonly skipped: string;
  readonly cancelled: string;
  readonly pending: string;
  readonly full: string;
  readonly empty: string;
  readonly line: string;
  readonly dash: string;
  readonly ellipsis: string;
}

const unicode: Glyphs = {
  completed: '✔',
  failed: '✖',
  running: '●',
  waiting: '◷',
  retrying: '↻',
  skipped: '↷',
  cancelled: '■',
  pending: '○',
  full: '█',
  empty: '░',
  line: '│',
  dash: '─',
  ellipsis: '…',
};

const ascii: Glyphs = {
  completed: '+',
  failed: 'x',
  running: '*',
  waiting: '?',
  retrying: '~',
  skipped: '>',
  cancelled: '!',
  pending: '.',
  full: '#',
  empty: '-',
  line: '|',
  dash: '-',
  ellipsis: '...',
};

/** Signs that the terminal can show: old Windows consoles and the Linux console have few. */
export function glyphsFor(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): Glyphs {
  if (platform !== 'win32') return env.TERM === 'linux' || env.TERM === 'dumb' ? ascii : unicode;
  const modern =
    env.WT_SESSION !== undefined ||
    env.TERM_PROGRAM === 'vscode' ||
    env.ConEmuTask !== undefined ||
    env.TERM?.startsWith('xterm') === true;
  return modern ? unicode : ascii;
}
