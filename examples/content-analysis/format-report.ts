import { columnsOf, padColumns } from './columns.ts';
import type { DocumentAnalysis } from './document.ts';
import type { Report } from './report.ts';
import { kinds } from './steps/mentions.ts';

const namedPerKind = 6;

/** The report as lines of text. */
export function formatReport(report: Report): string[] {
  const { documents, failures } = report;
  const failed = section(
    'Not analysed',
    failures.map((failure) => [failure]),
  );
  if (documents.length === 0) return ['', 'No document could be analysed.', ...failed];
  return [
    '',
    `REPORT: ${documents.length} of ${documents.length + failures.length} documents analysed`,
    ...section('Languages', grouped(report.languages)),
    ...section('Sentiment, from the most positive', sentiments(report)),
    ...section('Readability, by the formula of each language', grouped(report.levels)),
    ...section('Offensive words', toxicities(documents)),
    ...section('Named most, with the number of documents', named(report)),
    ...section('Size', [
      [`${report.words.toLocaleString('en')} words, where a language separates them`],
      [`${report.characters.toLocaleString('en')} characters`],
    ]),
    ...failed,
  ];
}

/** A title above rows whose columns are aligned; nothing without rows. */
function section(title: string, rows: readonly (readonly string[])[]): string[] {
  const widthOf = (column: number) => Math.max(...rows.map((row) => columnsOf(row[column] ?? '')));
  const lines = rows.map((row) => row.map((cell, column) => padColumns(cell, widthOf(column))).join('  '));
  return rows.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line.trimEnd()}`)];
}

function grouped(groups: ReadonlyMap<string, readonly string[]>): string[][] {
  return [...groups].map(([group, names]) => [group, String(names.length), names.join(', ')]);
}

function sentiments({ documents, bySentiment }: Report): string[][] {
  const rows = bySentiment.map(({ name, sentiment: { score, label, method, positive, negative } }) => {
    const signs = [...positive.slice(0, 2), ...negative.slice(0, 2)].join(' ');
    return [signed(score), label, name, method === 'emoji' ? `${signs} (by emoji)` : signs];
  });
  const unknown = documents.filter((document) => !bySentiment.includes(document));
  return [...rows, ...unknown.map(({ name }) => ['    ?', 'unknown', name, 'no word list, no emoji'])];
}

/** With a sign, to two digits: `+0.50`. */
export function signed(score: number): string {
  return `${score < 0 ? '-' : '+'}${Math.abs(score).toFixed(2)}`;
}

function toxicities(documents: readonly DocumentAnalysis[]): string[][] {
  const found = documents.filter(({ toxicity }) => toxicity !== undefined && toxicity.words.length > 0);
  const unknown = documents.filter(({ toxicity }) => toxicity === undefined);
  const rows = found.map(({ name, toxicity }) => [
    toxicity?.label ?? '',
    name,
    toxicity?.words.join(', ') ?? '',
  ]);
  if (found.length === 0) rows.push(['none', `in ${documents.length - unknown.length} documents`]);
  if (unknown.length > 0) rows.push(['unknown', unknown.map(({ name }) => name).join(', ')]);
  return rows;
}

function named({ entities }: Report): string[][] {
  return kinds.flatMap((kind) => {
    const top = entities.filter((entity) => entity.kind === kind).slice(0, namedPerKind);
    const cells = top.map(({ name, documents }) => (documents === 1 ? name : `${name} (${documents})`));
    return top.length === 0 ? [] : [[kind, cells.join(', ')]];
  });
}
