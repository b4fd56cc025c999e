import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Waiter, WaitingLine } from '../../../operators/policies/waiting-line.ts';

class Guest implements Waiter {
  readonly name: number;
  readonly admitted: (name: number) => void;
  active = true;

  constructor(name: number, admitted: (name: number) => void) {
    this.name = name;
    this.admitted = admitted;
  }

  admit(): void {
    this.admitted(this.name);
  }
}

describe('WaitingLine', () => {
  it('admits those who are left in the order in which they came', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { maxLength: 30 }), (fates) => {
        const line = new WaitingLine<Guest>();
        const came: number[] = [];
        const guests = fates.map((_, name) => new Guest(name, (one) => came.push(one)));
        const places = guests.map((guest) => line.join(guest));
        fates.forEach(([leaves, ends], i) => {
          if (leaves) line.leave(places[i] as (typeof places)[0]);
          else if (ends) (guests[i] as Guest).active = false;
        });
        expect(line.size).toBe(fates.filter(([leaves]) => !leaves).length);
        line.admit(() => true);
        expect(came).toEqual(fates.flatMap(([leaves, ends], i) => (leaves || ends ? [] : [i])));
        expect(line.size).toBe(0);
      }),
    );
  });

  it('says whether who leaves makes another the first', () => {
    const line = new WaitingLine<Guest>();
    const [a, b, c] = [1, 2, 3].map((name) => line.join(new Guest(name, () => {}))) as [never, never, never];
    expect([line.leave(b), line.leave(a), line.leave(a), line.leave(c)]).toEqual([false, true, false, false]);
  });

  it('stops at the first who may not begin, passing over those who have ended', () => {
    const line = new WaitingLine<Guest>();
    const came: number[] = [];
    const guests = [0, 1, 2, 3].map((name) => new Guest(name, (one) => came.push(one)));
    for (const guest of guests) line.join(guest);
    (guests[1] as Guest).active = false;
    line.admit(({ name }) => name < 2);
    expect(came).toEqual([0]);
    expect(line.size).toBe(2);
  });

  it('goes on where it was when who is admitted makes room for the next', () => {
    const line = new WaitingLine<Guest>();
    let deepest = 0;
    let depth = 0;
    const admitted = (): void => {
      depth++;
      deepest = Math.max(deepest, depth);
      line.admit(() => true);
      depth--;
    };
    for (let i = 0; i < 100_000; i++) line.join(new Guest(i, admitted));
    line.admit(() => true);
    expect([line.size, deepest]).toEqual([0, 1]);
  });

  it('admits others although one threw', () => {
    const line = new WaitingLine<Guest>();
    const came: number[] = [];
    line.join(
      new Guest(0, () => {
        throw new RangeError('broken');
      }),
    );
    line.join(new Guest(1, (name) => came.push(name)));
    expect(() => line.admit(() => true)).toThrow('broken');
    line.admit(() => true);
    expect(came).toEqual([1]);
  });
});
