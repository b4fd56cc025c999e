/** What is known of the nearest place above a path: of `/n` for `/n/mapEach/a[x]`, when nothing lies between. */
export function nearestAbove<T>(known: ReadonlyMap<string, T>, path: string): T | undefined {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const found = known.get(path.slice(0, end));
    if (found !== undefined) return found;
  }
  return undefined;
}
