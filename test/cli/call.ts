import { type ChildProcess, spawn } from 'node:child_process';
import type { RunEvent } from 'tutti';
import { fromWire } from 'tutti/schema';
import type { Project } from './project.ts';

export interface CallOptions {
  /** What is written to it at once; then its standard input ends. */
  readonly stdin?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Where it is called; default the project's folder. */
  readonly cwd?: string;
}

/** A command that runs, and what it has written. */
export class Call {
  readonly process: ChildProcess;
  stdout = '';
  stderr = '';
  readonly #ended: Promise<number | null>;
  readonly #watchers = new Set<() => void>();

  constructor(program: string, args: readonly string[], { stdin, env, cwd }: CallOptions) {
    const clean = { ...process.env, ...env };
    for (const name of ['NO_COLOR', 'FORCE_COLOR', 'CI', 'NODE_OPTIONS'])
      if (env?.[name] === undefined) delete clean[name];
    this.process = spawn(program, args, { env: { TERM: 'xterm-256color', ...clean, ...env }, cwd });
    this.process.stdout?.on('data', (text) => this.#add('stdout', text));
    this.process.stderr?.on('data', (text) => this.#add('stderr', text));
    this.process.stdin?.on('error', () => {});
    if (stdin !== undefined) this.process.stdin?.end(stdin);
    this.#ended = new Promise((resolve) => this.process.on('close', resolve));
  }

  /** Waits for its end, and gives what it ended with. */
  get code(): Promise<number | null> {
    return this.#ended;
  }

  /** Waits until it has written something. */
  wrote(words: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (`${this.stdout}${this.stderr}`.includes(words)) resolve();
      };
      this.#watchers.add(look);
      look();
      this.#ended.then(() => reject(new Error(`ended without ${words}:\n${this.stdout}${this.stderr}`)));
    });
  }

  /** What a terminal was told, without the codes for colors and places. */
  get text(): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: codes for terminals begin with one
    return this.stdout.replace(/\u001b\[[?\d;]*[A-Za-z]/g, '').replaceAll('\r', '');
  }

  /** The events that it wrote, each checked by its schema. */
  get events(): readonly RunEvent[] {
    return this.stdout
      .trimEnd()
      .split('\n')
      .map((line) => fromWire(JSON.parse(line)));
  }

  #add(stream: 'stdout' | 'stderr', text: Buffer): void {
    this[stream] += text.toString();
    for (const watcher of this.#watchers) watcher();
  }
}

/** Calls the command with its output in pipes. */
export function inPipe(project: Project, args: readonly string[], options: CallOptions = {}): Call {
  return new Call(process.execPath, [project.command, ...args], { cwd: project.folder, ...options });
}

/** Calls the command in a terminal of so many columns. */
export function inTerminal(
  project: Project,
  args: readonly string[],
  { columns = 80, ...options }: CallOptions & { readonly columns?: number } = {},
): Call {
  const words = [process.execPath, project.command, ...args].map(
    (word) => `'${word.replace(/'/g, `'\\''`)}'`,
  );
  const command = `stty cols ${columns} rows 30; exec ${words.join(' ')}`;
  return new Call('script', ['-qec', command, '/dev/null'], { cwd: project.folder, ...options });
}
