const maxLength = 48;

/** Gives the tasks of one text their ids. */
export class TaskIds {
  readonly #taken = new Set<string>();
  readonly #counts = new Map<string, number>();

  /** The text in small letters, digits and hyphens, at most 48 characters; a repeated one gets `-2`, `-3`. */
  idOf(text: string): string {
    const slug = slugOf(text);
    let count = this.#counts.get(slug) ?? 0;
    let id = slug;
    do id = ++count === 1 ? slug : `${slug}-${count}`;
    while (this.#taken.has(id));
    this.#counts.set(slug, count);
    this.#taken.add(id);
    return id;
  }
}

function slugOf(text: string): string {
  const start = text
    .slice(0, 4 * maxLength)
    .normalize('NFC')
    .toLowerCase();
  const slug = start.replace(/[^\p{L}\p{M}\p{Nd}]+/gu, '-').replace(/^-/, '');
  const short = Array.from(slug).slice(0, maxLength).join('').replace(/-$/, '');
  // An object would put keys that are numbers first, and the tasks of a phase would change places.
  return short === '' || /^\d+$/.test(short) ? `task${short === '' ? '' : `-${short}`}` : short;
}
