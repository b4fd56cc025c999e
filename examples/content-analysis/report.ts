import type { SettledItem } from 'tutti/operators';
import type { DocumentAnalysis } from './document.ts';
import { explain } from './explain.ts';
import type { Mention } from './steps/mentions.ts';

/** How many documents name something, and how many of their passages. */
export interface Entity extends Mention {
  readonly documents: number;
}

/** What is said of all documents together. */
export interface Report {
  readonly documents: readonly DocumentAnalysis[];
  /** Why documents could not be analysed, a line each. */
  readonly failures: readonly string[];
  /** Names of the documents by language, the most used first. */
  readonly languages: ReadonlyMap<string, readonly string[]>;
  /** The most positive first, those of which nothing is known left out. */
  readonly bySentiment: readonly DocumentAnalysis[];
  /** Names of the documents by how hard they are to read, the easiest first. */
  readonly levels: ReadonlyMap<string, readonly string[]>;
  /** The most named first, of every kind. */
  readonly entities: readonly Entity[];
  readonly words: number;
  readonly characters: number;
}

/** Reduces all analyses to one report. */
export function makeReport(results: readonly SettledItem<DocumentAnalysis>[]): Report {
  const documents = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failures = results.flatMap((result) =>
    result.status === 'rejected' ? [explain(result.key, result.reason)] : [],
  );
  return {
    documents,
    failures,
    languages: group(documents, ({ language }) => language.name),
    bySentiment: documents
      .filter(({ sentiment }) => sentiment.hits > 0)
      .sort((a, b) => b.sentiment.score - a.sentiment.score),
    levels: sortLevels(group(documents, ({ readability }) => readability?.level ?? 'unknown')),
    entities: sumUp(documents),
    words: sum(documents, ({ size }) => size.words ?? 0),
    characters: sum(documents, ({ size }) => size.characters),
  };
}

function group(
  documents: readonly DocumentAnalysis[],
  by: (document: DocumentAnalysis) => string,
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const document of documents)
    groups.set(by(document), [...(groups.get(by(document)) ?? []), document.name]);
  return new Map([...groups].sort(([, a], [, b]) => b.length - a.length));
}

const levels = ['very easy', 'easy', 'medium', 'difficult', 'very difficult', 'unknown'];

function sortLevels<T>(groups: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map([...groups].sort(([a], [b]) => levels.indexOf(a) - levels.indexOf(b)));
}

function sumUp(documents: readonly DocumentAnalysis[]): readonly Entity[] {
  const all = new Map<string, Entity>();
  for (const { kind, name, passages } of documents.flatMap(({ entities }) => entities)) {
    const before = all.get(`${kind} ${name}`) ?? { documents: 0, passages: 0 };
    const documentsNow = before.documents + 1;
    all.set(`${kind} ${name}`, { kind, name, documents: documentsNow, passages: before.passages + passages });
  }
  return [...all.values()].sort((a, b) => b.documents - a.documents || b.passages - a.passages);
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
