import fc from 'fast-check';
import type { Observable } from 'rxjs';
import { type Emission, isValue, originalError, type RunEvent } from 'tutti';
import { checkEvents, collectRun, timeline } from 'tutti/testing';
import { expect } from 'vitest';

/** Events as the tokens of a timeline, without times: `run> a> a| run|`. */
export const told = (events: readonly RunEvent[]): string =>
  timeline(events.map((event) => ({ ...event, at: 0 }))).replace(/^\((.*)\)$/, '$1');

/** What comes out of a bare pipe: events as tokens, values as `=1`. */
export const emitted = (emissions: readonly Emission<unknown>[]): string =>
  emissions
    .map((emission) => (isValue(emission) ? `=${JSON.stringify(emission.value)}` : told([emission])))
    .join(' ');

/** Subscribes; the list grows with what comes. */
export function listen<T>(source: Observable<T>): T[] {
  const heard: T[] = [];
  source.subscribe((item) => heard.push(item));
  return heard;
}

/** The events of one type. */
export const ofType = <T extends RunEvent['type']>(
  events: readonly RunEvent[],
  type: T,
): Extract<RunEvent, { type: T }>[] =>
  events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);

/** Lets everything happen that waits for promises. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The error with which a run fails; it breaks no law. */
export async function failureOf(run$: Observable<RunEvent>): Promise<unknown> {
  const { events, ended } = await collectRun(run$);
  expect(checkEvents(events)).toEqual([]);
  return ended.type === 'run.failed' ? originalError(ended.error) : ended;
}

/** What was streamed, in order. */
export const chunksOf = (events: readonly RunEvent[]): unknown[] =>
  ofType(events, 'step.partial').map(({ chunk }) => chunk);

/** What listens to the abortion of a signal; the set grows and shrinks. */
export function listenersOf(signal: AbortSignal): ReadonlySet<unknown> {
  const listeners = new Set<unknown>();
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<AbortSignal['addEventListener']>) => {
    listeners.add(args[1]);
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<AbortSignal['removeEventListener']>) => {
    listeners.delete(args[1]);
    removeEventListener.apply(signal, args);
  };
  return listeners;
}

/** Any text at all, halves of characters too. */
export const anyText = fc
  .array(fc.oneof(fc.nat(0xffff), fc.nat(0x7f)), { maxLength: 20 })
  .map((codes) => String.fromCharCode(...codes));
