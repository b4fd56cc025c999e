import { evaluate, type Roots } from '../expression/evaluate.ts';
import type { Mapping, TemplatePart } from './tree.ts';

/**
 * Makes a step's input. What is missing is `undefined`, and nothing in a template; a text that is one `{{ }}` alone keeps
 * the type of what is in it.
 *
 * @param roots what `$` stands for
 */
export function applyMapping(mapping: Mapping, roots: Roots): unknown {
  switch (mapping.kind) {
    case 'literal':
      return mapping.value;
    case 'value':
      return evaluate(mapping.expression, roots);
    case 'template':
      return mapping.parts.map((part) => textOf(part, roots)).join('');
    case 'list':
      return mapping.items.map((item) => applyMapping(item, roots));
    case 'record':
      return Object.fromEntries(mapping.entries.map(([key, value]) => [key, applyMapping(value, roots)]));
  }
}

function textOf(part: TemplatePart, roots: Roots): string {
  if (typeof part === 'string') return part;
  const value = evaluate(part.expression, roots);
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? inWords(value) : String(value);
}

/** JSON, where there can be any. */
function inWords(value: object): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}
