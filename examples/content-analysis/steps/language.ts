import { step } from 'tutti';
import { cache, fold, mapReduce, named } from 'tutti/operators';
import { metered } from '../metered.ts';
import { splitPassages } from '../skills/split-passages.ts';

export interface Language {
  /** ISO 639-1, or `und` for undetermined. */
  readonly code: string;
  /** In English. */
  readonly name: string;
  /** The part of the text that is in this language: 0 to 1. */
  readonly share: number;
}

interface Vote {
  readonly code: string;
  readonly name: string;
  readonly characters: number;
}

const detect = step('detect', async (passage: string, ctx): Promise<Vote> => {
  const { detectLanguage } = await import('../skills/detect-language.ts');
  const { language: code, name } = metered(ctx, () => detectLanguage(passage));
  return { code, name, characters: passage.length };
});

/** Detects the language of each passage, of identical ones once, and takes the one with the most characters. */
export const language = named(
  'language',
  mapReduce(detect.with(cache()), fold(count, emptyBallot), {
    over: ({ text }: { readonly text: string }) => splitPassages(text),
    concurrency: 1,
  }).map(winner),
);

type Ballot = Map<string, Vote>;

function emptyBallot(): Ballot {
  return new Map();
}

function count(ballot: Ballot, vote: Vote): Ballot {
  const characters = (ballot.get(vote.code)?.characters ?? 0) + vote.characters;
  return ballot.set(vote.code, { ...vote, characters });
}

function winner(ballot: Ballot): Language {
  const votes = [...ballot.values()].sort((a, b) => b.characters - a.characters);
  const total = votes.reduce((sum, { characters }) => sum + characters, 0);
  const { code, name, characters } = votes[0] ?? { code: 'und', name: 'Unknown', characters: 0 };
  return { code, name, share: total === 0 ? 0 : characters / total };
}
