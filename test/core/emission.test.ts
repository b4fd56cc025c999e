import { lastValueFrom, of, toArray } from 'rxjs';
import { type Emission, isStepEvent, isValue, run, type StepEvent, step, type Value } from 'tutti';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { listen } from './support.ts';

const double = step('double', (n: number) => 2 * n);

describe('isValue', () => {
  it('tells the item from the events that pass by', () => {
    const emissions = listen(of(2).pipe(double));
    expect(emissions.map(isValue)).toEqual([false, false, true]);
    expect(emissions.filter(isValue).map(({ value }) => value)).toEqual([4]);
  });

  it('narrows both ways', async () => {
    for (const emission of await lastValueFrom(of(2).pipe(double, toArray()))) {
      expectTypeOf(emission).toEqualTypeOf<Emission<number>>();
      if (isValue(emission)) expectTypeOf(emission).toEqualTypeOf<Value<number>>();
      else expectTypeOf(emission).toEqualTypeOf<StepEvent>();
    }
    expect.assertions(0);
  });

  it('is not fooled by a look-alike', () => {
    const [, , value] = listen(of(2).pipe(double));
    expect(isValue({ ...value } as Emission<number>)).toBe(false);
  });

  it('shows nothing of a value but the value', () => {
    const [, , value] = listen(of(2).pipe(double));
    expect(Object.keys(value ?? {})).toEqual(['value']);
    expect(JSON.stringify(value)).toBe('{"value":4}');
  });
});

describe('isStepEvent', () => {
  it('tells every event by its envelope', () => {
    const events = listen(run(double, 2));
    expect(events.every(isStepEvent)).toBe(true);
    expect(listen(of(2).pipe(double)).map(isStepEvent)).toEqual([true, true, false]);
  });

  it.each([undefined, null, 1, 'x', {}, [], { type: 'step.started' }, { type: 't', seq: 0, path: '' }])(
    'takes %j for no event',
    (item) => {
      expect(isStepEvent(item)).toBe(false);
    },
  );
});
