import { clean } from '../terminal/clean.ts';

/** Says something on the error stream, as the other is for events. */
export function say(words: string): void {
  if (process.stderr.writable) process.stderr.write(`tutti: ${words.split('\n').map(clean).join('\n')}\n`);
}

/** Writes lines of words, or, where a program reads, a line of JSON. */
export function answer(words: readonly string[], json: unknown, isJson: boolean): void {
  if (!process.stdout.writable) return;
  process.stdout.write(isJson ? `${JSON.stringify(json)}\n` : `${words.join('\n')}\n`);
}
