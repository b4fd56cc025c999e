/**
 * A cron expression that names its hours, with the steps and stars of its seconds, minutes and hours written out, so
 * that each of them is a time of day; any other expression as it is.
 *
 * timesOfDay('0-40/20 8-12/2 * * *') === '0,20,40 8,10,12 * * *'
 *
 * croner takes steps and stars for time that passes: over a clock change it would be due twice, or not at all, at
 * times that steps name just as well as lists do.
 */
export function timesOfDay(expression: string): string {
  const fields = expression.trim().split(/\s+/);
  if (fields.length < 5) return expression;
  const hours = fields.length === 5 ? 1 : 2;
  if (/^[*?](\/1)?$/.test(fields[hours] ?? '')) return expression;
  return fields
    .map((field, at) => (at > hours ? field : writtenOut(field, at === hours ? 23 : 59)))
    .join(' ');
}

function writtenOut(field: string, last: number): string {
  return field
    .split(',')
    .map((part) => {
      const [, all, from, to, step = '1'] = /^(?:([*?])|(\d+)-(\d+))(?:\/(\d+))?$/.exec(part) ?? [];
      if (all === undefined && from === undefined) return part;
      return listOf(Number(from ?? 0), Number(to ?? last), Number(step)) ?? part;
    })
    .join(',');
}

/** Undefined for what cannot be a part of an expression; croner says why. */
function listOf(from: number, to: number, step: number): string | undefined {
  if (from > to || to > 59 || step < 1 || step > 60) return undefined;
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, n) => from + n * step).join(',');
}
