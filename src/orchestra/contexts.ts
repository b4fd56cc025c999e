/** A record adds to a record; anything else takes the place of what there was. */
export function added(context: unknown, more: unknown): unknown {
  return isRecord(context) && isRecord(more) ? { ...context, ...more } : more;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
