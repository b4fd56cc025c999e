import { map, merge, type Observable, timer } from 'rxjs';
import type { Signal } from 'tutti';
import { marksOf } from './drawing.ts';

/** What is sent to a run: `--(paid)-(release: approved)`, a name, and its payload if it has one. */
export function drawnSignals(drawn: string): Observable<Signal> {
  const marks = marksOf(drawn).filter(({ text }) => text !== '|');
  return merge(...marks.map(({ at, text }) => timer(at).pipe(map(() => signalOf(text)))));
}

function signalOf(text: string): Signal {
  const [name = '', payload] = text.split(': ');
  return { name, payload: payload === 'approved' ? { approved: true } : payload };
}
