import { encode } from '../core/codec.ts';

/**
 * A response in words: a text as it is, nothing as `''`, a record with `title`, `summary`, `sections` or `conclusion` as Markdown,
 * anything else as indented JSON.
 *
 * Source: the MARSYS page.
 */
export function textOfResponse(response: unknown): string {
  if (response === undefined || response === null) return '';
  if (typeof response === 'string') return response;
  return isReport(response) ? markdownOf(response) : JSON.stringify(encode(response), null, 2);
}

interface Report {
  readonly title?: unknown;
  readonly summary?: unknown;
  readonly sections?: unknown;
  readonly conclusion?: unknown;
}

function isReport(response: unknown): response is Report {
  return (
    typeof response === 'object' &&
    response !== null &&
    ['title', 'summary', 'sections', 'conclusion'].some((key) => Object.hasOwn(response, key))
  );
}

function markdownOf({ title, summary, sections, conclusion }: Report): string {
  const parts: string[] = [];
  if (title !== undefined) parts.push(`# ${words(title)}`);
  if (summary !== undefined) parts.push(words(summary));
  for (const section of Array.isArray(sections) ? sections : []) parts.push(sectionOf(section));
  if (conclusion !== undefined) parts.push(`## Conclusion\n\n${words(conclusion)}`);
  return parts.join('\n\n');
}

function sectionOf(section: unknown): string {
  if (typeof section !== 'object' || section === null) return words(section);
  const { title, heading = title, content, text = content }: Record<string, unknown> = { ...section };
  if (heading === undefined && text === undefined) return words(section);
  const body = text === undefined ? '' : words(text);
  return heading === undefined ? body : `## ${words(heading)}${body === '' ? '' : `\n\n${body}`}`;
}

function words(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(encode(value));
}
