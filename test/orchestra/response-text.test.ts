import { describe, expect, it } from 'vitest';
import { textOfResponse } from '../../src/orchestra/response-text.ts';

describe('textOfResponse', () => {
  it.each([
    ['as it is', 'as it is'],
    ['', ''],
    [undefined, ''],
    [null, ''],
    [12, '12'],
    [false, 'false'],
    [{ b: 1, a: [2] }, '{\n  "a": [\n    2\n  ],\n  "b": 1\n}'],
    [['x'], '[\n  "x"\n]'],
  ])('writes %j', (response, text) => expect(textOfResponse(response)).toBe(text));

  it('writes a report as Markdown, with as much of it as there is', () => {
    const report = {
      title: 'Tides',
      summary: 'The moon pulls.',
      sections: [
        { heading: 'Springs', content: 'High.' },
        { title: 'Neaps', text: 'Low.' },
        { content: 'No heading.' },
        { heading: 'Empty' },
        'plain',
        7,
      ],
      conclusion: { mood: 'calm' },
    };
    expect(textOfResponse(report)).toBe(
      [
        '# Tides',
        'The moon pulls.',
        '## Springs\n\nHigh.',
        '## Neaps\n\nLow.',
        'No heading.',
        '## Empty',
        'plain',
        '7',
        '## Conclusion\n\n{"mood":"calm"}',
      ].join('\n\n'),
    );
    expect(textOfResponse({ summary: 'short', more: 1 })).toBe('short');
    expect(textOfResponse({ title: 'T', sections: 'none' })).toBe('# T');
    expect(textOfResponse({ sections: [{ other: 1 }] })).toBe('{"other":1}');
  });
});
