import { closestMatch } from 'leven';

/** Longer names are not compared: nobody mistypes them, and the time it takes grows with the product of the lengths. */
const maxLength = 64;

/**
 * Finds the name that was probably meant: the closest one, with at most two in five of its characters wrong.
 *
 * Upper and lower case count as the same.
 *
 * @param given what was written
 * @param names what could have been written
 * @returns one of the names, as it is spelled there, or `undefined`
 */
export function suggest(given: string, names: Iterable<string>): string | undefined {
  if (given.length > maxLength) return undefined;
  const spelled = new Map<string, string>();
  for (const name of names) {
    const plain = name.toLowerCase();
    if (name.length <= maxLength && !spelled.has(plain)) spelled.set(plain, name);
  }
  const maxDistance = Math.round(given.length * 0.4);
  const closest = closestMatch(given.toLowerCase(), [...spelled.keys()], { maxDistance });
  return closest === undefined ? undefined : spelled.get(closest);
}
