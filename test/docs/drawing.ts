import type { RunEvent } from 'tutti';

/** What is drawn at one time. */
interface Mark {
  readonly at: number;
  readonly text: string;
}

/** `--(a completed)-|`: a dash is a millisecond, the rest takes none. */
export function marksOf(drawn: string): Mark[] {
  const marks: Mark[] = [];
  let at = 0;
  for (const [token, inside] of drawn.replace(/ {3}on .*$/, '').matchAll(/\((.*?)\)(?=[-(|# ]|$)|[-|#]|./g))
    if (token === '-') at++;
    else if (inside === undefined) marks.push({ at, text: token });
    else for (const text of inside.split(', ')) marks.push({ at, text });
  return marks;
}

/** What happens to steps, as the last word of an event's type. */
const kinds = [
  'started',
  'completed',
  'failed',
  'cancelled',
  'retrying',
  'fallback',
  'waiting',
  'resumed',
  'compensated',
  'cost',
  'opened',
  'closed',
  'alert',
  'exceeded',
];

/** What is drawn of a run and did not happen, or not then, or not in that order; ideally nothing. */
export function untrueOf(drawn: string, events: readonly RunEvent[]): string[] {
  const startedAt = events[0]?.at ?? 0;
  const untrue: string[] = [];
  let from = 0;
  for (const { at, text } of marksOf(drawn)) {
    const fits = fitting(text);
    if (fits === undefined) continue;
    const found = events.findIndex((event, n) => n >= from && event.at - startedAt === at && fits(event));
    if (found < 0) untrue.push(`${text} at ${at} ms`);
    else from = found + 1;
  }
  return untrue;
}

/** Which events a mark may stand for; values stand for none. */
function fitting(text: string): ((event: RunEvent) => boolean) | undefined {
  if (text === '|') return ({ type }) => type === 'run.completed';
  if (text === '#') return ({ type }) => type === 'run.failed';
  const words = text.split(' ');
  const place = words.findIndex((word) => kinds.includes(word));
  if (place < 0) return undefined;
  const [kind = '', source] = words.slice(place);
  const id = words[place - 1];
  return (event) =>
    event.path !== '' &&
    event.type.endsWith(`.${kind}`) &&
    (id === undefined ||
      event.step === id ||
      event.path.endsWith(`/${id}`) ||
      event.path.endsWith(`/!${id}`)) &&
    (source === undefined || !('source' in event) || !isSource(source) || event.source === source);
}

function isSource(word: string): boolean {
  return word === 'live' || word === 'cache' || word === 'fallback';
}
