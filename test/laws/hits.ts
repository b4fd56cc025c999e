import type { Hit } from './any-case.ts';
import { judge } from './judge.ts';
import type { Disturbance, Play, Score } from './play.ts';

/** What is wrong with a run that nobody disturbs; one may wait for ever. */
export function undisturbed(played: Play): string[] {
  if (played.notification !== 'none') return judge(played);
  return judge({ ...played, cut: true, held: [] });
}

/** A hit at a moment of a run as it is when nobody disturbs it. */
export function scoreOf({ deed, when, part, piped, cutAfter }: Hit, { events, world, endedAt }: Play): Score {
  const graceful = deed === 'cancel' || deed === 'abort';
  const as = piped && !graceful ? 'pipe' : undefined;
  const heard = as === 'pipe' ? events.filter(({ path }) => path !== '') : events;
  const counts = { event: heard.length, frame: Math.ceil(endedAt) + 2, call: world.calls.length };
  const kind =
    deed === 'take' || (deed === 'cancel' && when === 'call') || counts[when] === 0 ? 'event' : when;
  const n = Math.floor(part * counts[kind]);
  const at = kind === 'event' ? { event: n } : kind === 'frame' ? { frame: n } : { call: n };
  const disturbance: Disturbance = { deed, at, cutAfter: deed === 'abort' ? cutAfter : undefined };
  return as === undefined ? { disturbance } : { as, disturbance };
}
