/** Words for what was given in place of something else. */
export function describe(value: unknown): string {
  if (typeof value === 'function') return `the function ${value.name || '(anonymous)'}`;
  if (typeof value === 'string') return `the text ${JSON.stringify(value)}`;
  return typeof value === 'object' && value !== null ? `an ${kindOf(value)}` : String(value);
}

function kindOf(value: object): string {
  return Array.isArray(value) ? 'array' : 'object';
}
