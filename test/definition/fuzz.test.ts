import fc from 'fast-check';
import { DefinitionError } from 'tutti';
import { loadWorkflow } from 'tutti/definition';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/definition/expression/evaluate.ts';
import { parseExpression } from '../../src/definition/expression/parse-expression.ts';
import { applyMapping } from '../../src/definition/mapping/apply-mapping.ts';
import { parseMapping } from '../../src/definition/mapping/parse-mapping.ts';
import { skills } from './skills.ts';

const numRuns = Number(process.env.TUTTI_PROPERTY_RUNS ?? 2000);
const seed = Number(process.env.TUTTI_PROPERTY_SEED ?? 20_260);

/** Longer than any case may take, but for a machine that is busy with something else. */
const longMs = 2000;

const words = fc.constantFrom(
  ...['$', '.', '$.input', '$.steps.a.output', '$.steps.my-step.output', '[', ']', '(', ')', '{{', '}}'],
  ...['==', '!=', '=', '&&', '||', '!', '+', '-', '*', '/', '%', '<', '>=', ' in ', 'and', 'not', '?', ':'],
  ...['len(', 'matches(', 'contains(', 'default(', 'exists(', 'lower(', 'eval(', '(a+)+$', 'x', '0', '1e999'],
  ...['__proto__', 'constructor', 'prototype', 'this', 'toString', 'length', ' ', '\n', 'é', '👍', '\u0000'],
  ...['$.steps.a.output.words', '$.steps.a.output.flags[0]', ' == "x"', ' > 5', '"x" in ', '$.index'],
  ...["'", '"', '\\', ',', ';', '`', '.5', 'null', 'true'],
);

const soup = fc
  .array(fc.oneof({ weight: 5, arbitrary: words }, fc.string({ maxLength: 5 })), { maxLength: 25 })
  .map((parts) => parts.join(''));

const data = fc.jsonValue({ maxDepth: 4 });

/** What must never change, whatever is read. */
const untouched = (): void => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
};

function timed(work: () => void): void {
  const startedAt = performance.now();
  work();
  expect(performance.now() - startedAt).toBeLessThan(longMs);
}

/** Loads whatever it is, or is refused with problems that have places within the text. Says whether it was loaded. */
function loadOrRefuse(text: string, format?: 'yaml' | 'toml' | 'json'): boolean {
  let loaded = true;
  timed(() => {
    try {
      loadWorkflow(text, { registry: skills(), ...(format && { format }) });
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error;
      loaded = false;
      expect(error.problems.length).toBeGreaterThan(0);
      for (const { message, offset = -1, length = -1, line = 0 } of error.problems) {
        expect(message).not.toBe('');
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(line).toBeGreaterThanOrEqual(1);
        expect(offset + length).toBeLessThanOrEqual(text.length);
      }
    }
  });
  untouched();
  return loaded;
}

describe('expressions', () => {
  it('are evaluated or refused at a place in them, whatever they are', { timeout: 0 }, () => {
    const seen = { read: 0, refused: 0 };
    fc.assert(
      fc.property(soup, data, (source, input) => {
        timed(() => {
          const { expression, flaw } = parseExpression(source);
          if (expression !== undefined) {
            seen.read++;
            const value = evaluate(expression, { input, steps: { a: { output: input } } });
            expect(typeof value).not.toBe('function');
          } else {
            seen.refused++;
            expect(flaw.at).toBeGreaterThanOrEqual(0);
            expect(flaw.at + flaw.length).toBeLessThanOrEqual(source.length);
          }
        });
        untouched();
      }),
      { numRuns, seed },
    );
    expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(numRuns / 100);
  });
});

describe('mappings', () => {
  it('are applied, or refused at places in them, whatever they are', { timeout: 0 }, () => {
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        soup,
        soup.map((text) => `$.${text}`),
        soup.map((text) => `{{${text}}}`),
        data,
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(fc.string({ maxLength: 4 }), words), tie('node'), { maxKeys: 3 }),
      ),
    })).node;
    fc.assert(
      fc.property(tree, data, (given, input) => {
        timed(() => {
          const { mapping, flaws } = parseMapping(given);
          for (const { flaw } of flaws) expect(flaw.message).not.toBe('');
          applyMapping(mapping, { input, steps: {} });
        });
        untouched();
      }),
      { numRuns, seed },
    );
  });
});

const field = fc.constantFrom(
  ...['id', 'uses', 'skill_id', 'input', 'input_mapping', 'dependsOn', 'depends_on', 'condition', 'retry'],
  ...[
    'timeout',
    'fallback',
    'cache',
    'forEach',
    'for_each',
    'over',
    'reduce',
    'compensate',
    'parallel',
    'usd',
  ],
  ...['steps', 'flow', 'workflow', 'name', 'version', 'on_error', 'action', 'defaults', 'providers', 'debug'],
  ...['max_retries', 'budget', 'cost_control', '__proto__', 'constructor', 'prototype', 'toString', '$ref'],
  ...['type', 'properties', '$schema', 'pattern'],
);

const leaf = fc.oneof(
  fc.constantFrom('a', 'b', 'echo', 'failing', '30s', 'continue', '$.input.x', '$.steps.a.output', 'object'),
  fc.constantFrom('a AND b THEN echo', '(a+)+$', '{{ $.item }}'),
  soup,
  fc.integer({ min: -2, max: 10 }),
  fc.boolean(),
  fc.constant(null),
);

const value = fc.letrec<{ value: unknown; record: object }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('value'), { maxLength: 3 }), tie('record')),
  record: fc
    .array(fc.tuple(field, tie('value')), { maxLength: 4 })
    .map((entries): object => Object.fromEntries(entries)),
}));

/** Files that look like workflows. */
const likely = fc.record({
  steps: fc.array(
    fc
      .tuple(
        fc.constantFrom('a', 'b', 'c', 'my-step'),
        fc.constantFrom('echo', 'echo', 'content-analyzer', 'nothing'),
        fc.oneof(value.record, fc.constant({}), fc.record({ input: soup }), fc.record({ condition: soup })),
      )
      .map(([id, uses, more]) => ({ id, uses, ...more })),
    { minLength: 1, maxLength: 3 },
  ),
  more: fc.oneof(value.record, fc.constant({})),
});

describe('files', () => {
  it('are loaded or refused with problems in them, as data', { timeout: 0 }, () => {
    let loaded = 0;
    fc.assert(
      fc.property(likely, ({ steps, more }) => {
        if (loadOrRefuse(JSON.stringify({ steps, ...more }, null, 1))) loaded++;
      }),
      { numRuns: Math.ceil(numRuns / 2), seed },
    );
    expect(loaded).toBeGreaterThan(numRuns / 100);
    fc.assert(
      fc.property(value.record, (given) => {
        loadOrRefuse(JSON.stringify(given));
      }),
      { numRuns: Math.ceil(numRuns / 4), seed },
    );
  });

  it('are loaded or refused with problems in them, as texts of any format', { timeout: 0 }, () => {
    const piece = fc.oneof(
      field.map((name) => `\n${name}: `),
      field.map((name) => `\n  - ${name}: `),
      field.map((name) => `\n${name} = `),
      field.map((name) => `\n[${name}]\n`),
      field.map((name) => `\n[[${name}]]\n`),
      fc.constantFrom('&a ', '*a ', '!!js ', '|\n  ', '>-\n ', '? ', '- ', '---\n', '{', '}', '[', ']', '"'),
      fc.constantFrom("'", '"""', '#', '\t', '<<: ', '\r\n', '\uFEFF', '%YAML 1.1\n'),
      leaf.map(String),
    );
    const text = fc.array(piece, { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.constantFrom('yaml', 'toml', 'json', undefined), (source, format) => {
        loadOrRefuse(source, format);
      }),
      { numRuns, seed },
    );
  });
});
