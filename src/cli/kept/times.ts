/** A moment as people read it, in the time of this machine: `2026-11-21 09:40:18`. */
export function moment(at: number): string {
  // The only format of ECMA-402 that is year, month, day in this order in a language of the West.
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' }).format(at);
}
