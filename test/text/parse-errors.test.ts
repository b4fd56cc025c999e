import { DefinitionError } from 'tutti';
import { parse } from 'tutti/text';
import { describe, expect, it } from 'vitest';

/** What is wrong with a text: the message's lines but for the first, which counts the problems. */
function wrong(text: string): string[] {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof DefinitionError) return error.message.split('\n').slice(1);
    throw error;
  }
  return ['nothing'];
}

describe('what is wrong with a text', () => {
  it('is told all at once, each with its place and carets', () => {
    let message = '';
    try {
      parse('IF_SUCCESS run THEN AND b ELSE c THEN d IF maybe THEN', { file: 'flow.txt' });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toBe(`workflow text: 5 problems
flow.txt:1:1: IF_SUCCESS asks how the phase before ended, and there is none
  IF_SUCCESS run THEN AND b ELSE c THEN d IF maybe THEN
  ^^^^^^^^^^
flow.txt:1:16: THEN has no task after it
  IF_SUCCESS run THEN AND b ELSE c THEN d IF maybe THEN
                 ^^^^
flow.txt:1:27: ELSE needs a condition before it, as in IF_SUCCESS run tests ELSE fix the errors
  IF_SUCCESS run THEN AND b ELSE c THEN d IF maybe THEN
                            ^^^^
flow.txt:1:41: IF needs success, passing, failure or failing after it
  IF_SUCCESS run THEN AND b ELSE c THEN d IF maybe THEN
                                          ^^
flow.txt:1:50: THEN has no task after it
  IF_SUCCESS run THEN AND b ELSE c THEN d IF maybe THEN
                                                   ^^^^`);
  });

  it('is data, too', () => {
    let error: unknown;
    try {
      parse('a\nTHEN IF_SUCESS b');
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(DefinitionError);
    expect((error as DefinitionError).problems).toEqual([
      {
        message: 'there is no condition IF_SUCESS',
        suggestion: 'IF_SUCCESS',
        file: undefined,
        line: 2,
        column: 6,
        offset: 7,
        length: 9,
      },
    ]);
  });

  it.each([
    ['', ['1:1: there is no task']],
    [' \n ', ['1:1: there is no task']],
    ['THEN a', ['1:1: THEN has no task before it', '  THEN a', '  ^^^^']],
    ['a THEN', ['1:3: THEN has no task after it', '  a THEN', '    ^^^^']],
    [
      'AND',
      ['1:1: AND has no task before it', '  AND', '  ^^^', '1:1: AND has no task after it', '  AND', '  ^^^'],
    ],
    ['a AND AND b', ['1:3: AND has no task after it', '  a AND AND b', '    ^^^']],
    [
      'a THEN (retry up to 2 times)',
      ['1:3: THEN has no task after it', '  a THEN (retry up to 2 times)', '    ^^^^'],
    ],
    [
      'a THEN IF_FAILURE',
      ['1:8: IF_FAILURE has no task after it', '  a THEN IF_FAILURE', '         ^^^^^^^^^^'],
    ],
    [
      'a THEN IF_FAILURE b ELSE',
      ['1:21: ELSE has no task after it', '  a THEN IF_FAILURE b ELSE', '                      ^^^^'],
    ],
    [
      'a AND IF_ANY_FAILED',
      ['1:7: IF_ANY_FAILED has no task after it', '  a AND IF_ANY_FAILED', '        ^^^^^^^^^^^^^'],
    ],
  ])('a missing task: %j', (text, expected) => {
    expect(wrong(text)).toEqual(expected);
  });

  it.each([
    ['a IF_SUCCESS', '1:3: IF_SUCCESS asks how the phase before ended, and there is none'],
    ['a AND b IF failing', '1:9: IF failing asks how the phase before ended, and there is none'],
    ['IF_CONTAINS("x") a', '1:1: IF_CONTAINS("x") asks how the phase before ended, and there is none'],
    [
      'a AND b THEN c IF_FAILURE d',
      '1:16: IF_FAILURE stands after THEN, or at the end of a task; did you mean "THEN IF_FAILURE"?',
    ],
    ['a AND IF_SUCCESS b', '1:7: IF_SUCCESS stands after THEN, or at the end of a task'],
    [
      'a THEN b IF_ANY_FAILED c',
      '1:10: IF_ANY_FAILED stands after THEN or AND; did you mean "AND IF_ANY_FAILED"?',
    ],
    [
      'a THEN b IF_ANY_FAILED',
      '1:10: IF_ANY_FAILED stands after THEN or AND; did you mean "AND IF_ANY_FAILED"?',
    ],
    ['a THEN IF_SUCCESS IF_ANY_FAILED b', '1:19: IF_ANY_FAILED stands after THEN or AND'],
    ['a AND IF_ANY_FAILED b AND c', '1:23: IF_ANY_FAILED is the last of its group'],
    ['a THEN b IF success now', '1:10: IF success stands once, at the end of its task'],
    ['a THEN IF_CONTAINS("x") b', '1:8: IF_CONTAINS("x") stands once, at the end of its task'],
    [
      'a THEN b IF_SUCCESS IF_FAILURE',
      '1:10: IF_SUCCESS stands after THEN, or at the end of a task; did you mean "THEN IF_SUCCESS"?',
    ],
    ['a THEN b IF_CONTAINS(x)', '1:10: IF_CONTAINS needs a text to look for, as in IF_CONTAINS("approved")'],
    ['a THEN b IF_CONTAINS("")', '1:10: IF_CONTAINS needs a text to look for, as in IF_CONTAINS("approved")'],
    ['a THEN b IF_CONTAIN("x")', '1:10: there is no condition IF_CONTAIN; did you mean "IF_CONTAINS"?'],
    ['a THEN b IF tests pass', '1:10: IF needs success, passing, failure or failing after it'],
    ['a THEN IF_FAIL b', '1:8: there is no condition IF_FAIL; did you mean "IF_FAILURE"?'],
    ['a THEN IF_SUCCESS b ELSE c ELSE d', '1:28: a condition has one ELSE'],
    ['a THEN b (retry up to 2 times) c', '1:10: a retry stands once, at the end of its task'],
    ['a (retry up to 2 times) (retry up to 3 times)', '1:3: a retry stands once, at the end of its task'],
    ['a THEN b IF success (retry up to 2 times)', '1:10: IF success stands once, at the end of its task'],
    ['a (retry up to three times)', '1:3: a retry is written as in (retry up to 3 times on failure)'],
    ['a (Retry up to 3 times)', '1:3: a retry is written as in (retry up to 3 times on failure)'],
    ['a (retry up to 99999999999999999999 times)', '1:3: more than 1000 retries'],
    ['a THEN writer: THEN b', '1:8: the agent writer has no task'],
    ['say "hello THEN b', '1:5: this quote is not closed'],
    ['do (this THEN that', '1:4: this parenthesis is not closed'],
  ])('%s', (text, expected) => {
    expect(wrong(text)[0]).toBe(expected);
  });

  it.each([
    'a AND IF_ANY_FAILED b AND c',
    'a THEN b IF_SUCCESS c d AND e',
    'a THEN IF_SUCCESS b ELSE c ELSE d',
  ])('is told once: %s', (text) => {
    expect(wrong(text)).toHaveLength(3);
  });
});
