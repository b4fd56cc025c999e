/**
 * Finds, in a JSON Schema, a pattern in which something repeats that repeats or varies in itself: to see that such a pattern does
 * not match may take the engine a time that doubles with every character.
 */
export function slowPattern(schema: unknown): string | undefined {
  const open: unknown[] = [schema];
  while (open.length > 0) {
    const part = open.pop();
    if (typeof part !== 'object' || part === null) continue;
    const slow = patternsOf(part).find(isSlow);
    if (slow !== undefined) return slow;
    open.push(...Object.values(part));
  }
  return undefined;
}

function patternsOf(schema: object): string[] {
  const pattern: unknown = Reflect.get(schema, 'pattern');
  const byName: unknown = Reflect.get(schema, 'patternProperties');
  const names = typeof byName === 'object' && byName !== null ? Object.keys(byName) : [];
  return typeof pattern === 'string' ? [pattern, ...names] : names;
}

const piece = /\\.|\[(?:\\.|[^\]\\])*\]|\(\??|\)|[*+|]|\{\d+(?:,\d*)?\}/gs;

function isSlow(pattern: string): boolean {
  const groups = [false];
  for (const { 0: found, index } of pattern.matchAll(piece)) {
    if (found.startsWith('\\') || found.startsWith('[')) continue;
    if (found.startsWith('(')) groups.push(false);
    else if (found === ')') {
      const varies = groups.pop() ?? false;
      if (varies && /^(?:[*+]|\{\d+,?\d*\})/.test(pattern.slice(index + 1, index + 12))) return true;
      groups[groups.length - 1] ||= varies;
    } else groups[groups.length - 1] = true;
  }
  return false;
}
