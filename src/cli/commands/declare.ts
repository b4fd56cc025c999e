import type { Command } from 'commander';

/** Says of one command what it is called with, and what does it. */
export type Declare = (program: Declaring) => void;

/** What a command is declared with. */
export interface Declaring {
  /** Adds a command, with command lines to begin with. */
  add(usage: string, description: string, examples: readonly string[]): Command;
  /** Lets a function do it, and the process end with the code that it gives. It imports what it needs when it is called. */
  does<A extends readonly unknown[]>(action: (...args: A) => Promise<number>): (...args: A) => Promise<void>;
}

/** Gives a command the option that names modules with skills. */
export function withSkills(command: Command): Command {
  const what = 'a TypeScript or JavaScript module with skills; may be repeated (default: tutti.config.*)';
  return command.option('-s, --skills <module>', what, collect);
}

/** Reads an option that may be repeated. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Command lines to begin with, for the end of a help text. */
export function examplesOf(lines: readonly string[]): string {
  return ['Examples:', ...lines.map((line) => `  ${line}`)].join('\n');
}
