/**
 * An error as plain data to compare: its name, message, code, cause and all own fields, those of its causes too. Only
 * the stack is left out. What is no `Error` stays as it is.
 */
export function errorFacts(error: unknown, seen: Map<Error, object> = new Map()): unknown {
  if (Array.isArray(error)) return error.map((item) => errorFacts(item, seen));
  if (!(error instanceof Error)) return error;
  const known = seen.get(error);
  if (known !== undefined) return known;
  const facts: Record<string, unknown> = { name: error.name, message: error.message };
  seen.set(error, facts);
  if ('code' in error) facts.code = error.code;
  for (const field of Object.getOwnPropertyNames(error))
    if (field !== 'stack') facts[field] = errorFacts(Reflect.get(error, field), seen);
  return facts;
}
