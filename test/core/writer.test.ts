import { describe, expect, it } from 'vitest';
import { Writer } from '../../src/core/writer.ts';

/** A writer of texts, and what it has handed on. */
function writing(
  react: (event: string, writer: Writer<string>) => void = () => {},
  completed: (writer: Writer<string>) => void = () => {},
) {
  const heard: string[] = [];
  const writer: Writer<string> = new Writer({
    next: (event) => {
      heard.push(event);
      react(event, writer);
      heard.push(`/${event}`);
    },
    complete: () => {
      completed(writer);
      heard.push('done');
    },
  });
  return { writer, heard };
}

describe('Writer', () => {
  it('numbers from 0', () => {
    const { writer } = writing();
    expect([writer.seq(), writer.seq(), writer.seq()]).toEqual([0, 1, 2]);
  });

  it('hands events on at once', () => {
    const { writer, heard } = writing();
    writer.write('a');
    expect(heard).toEqual(['a', '/a']);
    writer.write('b');
    expect(heard).toEqual(['a', '/a', 'b', '/b']);
  });

  it('hands on one at a time, in the order of writing, also those written while one is heard', () => {
    const { writer, heard } = writing((event) => {
      if (event.length > 2) return;
      writer.write(`${event}1`);
      writer.write(`${event}2`);
    });
    writer.write('a');
    expect(heard.filter((note) => !note.startsWith('/'))).toEqual('a a1 a2 a11 a12 a21 a22'.split(' '));
    expect(heard.every((note, i) => i % 2 === 0 || note === `/${heard[i - 1]}`)).toBe(true);
  });

  it('hands each on once', () => {
    const { writer, heard } = writing((event) => {
      if (event === 'a') writer.write('b');
    });
    writer.write('a');
    writer.write('c');
    expect(heard).toEqual(['a', '/a', 'b', '/b', 'c', '/c']);
  });

  it('lets another hear from now on', () => {
    const { writer, heard } = writing();
    const other: string[] = [];
    writer.write('a');
    writer.sink = { next: (event) => other.push(event), complete: () => {} };
    writer.write('b');
    expect([heard.length, other]).toEqual([2, ['b']]);
  });
});

describe('writer.finish', () => {
  it('hands on the last event, then completes', () => {
    const { writer, heard } = writing();
    writer.finish('end');
    expect(heard).toEqual(['end', '/end', 'done']);
    expect(writer.closed).toBe(true);
  });

  it('takes nothing after it, not even while the last is heard or when it completes', () => {
    const { writer, heard } = writing(
      (event) => {
        if (event === 'end') writer.write('late');
      },
      () => writer.write('later'),
    );
    writer.finish('end');
    writer.write('latest');
    writer.finish('again');
    expect(heard).toEqual(['end', '/end', 'done']);
  });

  it('lets what was written before go first, when it is said while one is heard', () => {
    const { writer, heard } = writing((event) => {
      if (event !== 'a') return;
      writer.write('b');
      writer.finish('end');
      writer.write('late');
    });
    writer.write('a');
    expect(heard).toEqual(['a', '/a', 'b', '/b', 'end', '/end', 'done']);
  });
});

describe('writer.mute', () => {
  it('drops what is written, and what waits', () => {
    const { writer, heard } = writing((event) => {
      if (event !== 'a') return;
      writer.write('b');
      writer.finish('end');
      writer.mute();
    });
    writer.write('a');
    writer.write('c');
    expect(heard).toEqual(['a', '/a']);
    expect(writer.closed).toBe(true);
  });
});

describe('writer.whenDelivered', () => {
  it('calls back at once when nothing is being heard, else in its turn', () => {
    const { writer, heard } = writing((event) => {
      if (event !== 'a') return;
      writer.write('b');
      writer.whenDelivered(() => heard.push('now'));
      writer.write('c');
    });
    writer.whenDelivered(() => heard.push('at once'));
    expect(heard).toEqual(['at once']);
    writer.write('a');
    expect(heard).toEqual(['at once', 'a', '/a', 'b', '/b', 'now', 'c', '/c']);
  });
});
