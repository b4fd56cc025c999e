import * as chrono from 'chrono-node';
import type { Entities } from './entities.ts';

const { de, en, es, fi, fr, it, ja, nl, pt, ru, sv, uk, vi, zh } = chrono;
const dateParsers = new Map(Object.entries({ de, en, es, fi, fr, it, ja, nl, pt, ru, sv, uk, vi, zh }));

const email = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu;
const url = /(?:https?:\/\/|www\.)[^\s<>"«»“”「」（）]{1,2000}/giu;
const amount = String.raw`\d(?:[\d.,'\u00a0\u202f]{0,20}\d)?`;
const scale = String.raw`(?:\s(?:thousand|million|billion|trillion)s?(?!\p{L}))?`;
const currencyWord = 'zł|kr|EUR|USD|GBP|CHF|JPY|SEK|PLN|RUB|dollars?|euros?|pounds?';
const currency = String.raw`[€£¥₽₺円元]|(?:${currencyWord})(?!\p{L})`;
const money = new RegExp(`[$€£¥₹₽₺]\\s?${amount}${scale}|${amount}${scale}\\s?(?:${currency})`, 'giu');
const particle = String.raw`(?:\s(?:da|das|de|del|della|delle|des|di|do|dos|du|of|van))?`;
const capitalised = new RegExp(
  String.raw`(?<=(?<!\p{L})\p{Ll}{1,20},?\s)\p{Lu}\p{Ll}+(?:${particle}\s\p{Lu}\p{Ll}+){1,5}`,
  'gu',
);

/**
 * Finds what has the same shape in every language: e-mail addresses, web addresses, sums of money, and dates
 * (in 14 languages; elsewhere as an English reader would write them). Two capitalised words and more inside a
 * sentence are a name (not in German, whose nouns all have a capital), but not whether of a person, a place
 * or an organisation. Dates such as `next Friday` depend on the reader's day and are left out.
 *
 * Source: chrono-node, MIT, in strict mode, for the dates; the other patterns are ours.
 */
export function extractPatterns(text: string, language: string): Entities {
  return {
    people: [],
    places: [],
    organisations: [],
    names: language === 'de' ? [] : distinct(text.match(capitalised)),
    dates: findDates(text, language),
    emails: distinct(text.match(email)),
    urls: distinct(text.match(url)?.map((found) => found.replace(/[.,;:!?)\]'’。、]+$/u, ''))),
    money: distinct(text.match(money)),
  };
}

function findDates(text: string, language: string): readonly string[] {
  const parser = dateParsers.get(language) ?? chrono.en;
  const written = parser.strict.parse(text).map((date) => date.text);
  return distinct(written.filter((date) => /\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}/u.test(date)));
}

function distinct(found: readonly string[] | null | undefined): readonly string[] {
  return [...new Set(found)];
}
