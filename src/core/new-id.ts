/** Random bits are fetched many at a time, as each fetch costs some microseconds. */
const pool = new Uint32Array(256);
let left = 0;

let lastMs = 0;
/** Counts the ids of one millisecond. */
let count = 0;
let head = '';
let tail = '';

/**
 * A new id that sorts by time of making: UUID version 7 (RFC 9562), with a counter of 12 bits after the time (method 1 of
 * its section 6.2), and 62 random bits that the ids of one millisecond of this process share.
 *
 * Every run has one. Packages of good repute take more than a microsecond for it, as much as a run of several steps.
 */
export function newId(): string {
  const now = Date.now();
  if (now > lastMs) renew(now);
  else if (++count > 0xfff) renew(lastMs + 1);
  return head + (count + 0x7000).toString(16) + tail;
}

function renew(ms: number): void {
  lastMs = ms;
  count = 0;
  const time = ms.toString(16).padStart(12, '0');
  head = `${time.slice(0, 8)}-${time.slice(8)}-`;
  if (left === 0) left = crypto.getRandomValues(pool).length;
  // The two first bits say which variant of UUID it is.
  const high = (((pool[--left] as number) & 0x3fffffff) | 0x80000000) >>> 0;
  const random = high.toString(16) + (pool[--left] as number).toString(16).padStart(8, '0');
  tail = `-${random.slice(0, 4)}-${random.slice(4)}`;
}
