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
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  bytes[0] = ((bytes[0] as number) & 0x3f) | 0x80;
  const random = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  tail = `-${random.slice(0, 4)}-${random.slice(4)}`;
}
