/**
 * The paths of siblings, by position. Those below the first place that is asked for are kept, as most of what is composed
 * stands at one place in all its runs.
 */
export class Places {
  private readonly segments: readonly string[];
  private below: string | undefined = undefined;
  private readonly paths: string[];

  constructor(segments: readonly string[]) {
    this.segments = segments;
    this.paths = segments.slice();
  }

  /** The path of the sibling at `position`, below a path. */
  at(below: string, position: number): string {
    return below === this.below ? (this.paths[position] as string) : this.elsewhere(below, position);
  }

  private elsewhere(below: string, position: number): string {
    if (this.below === undefined) {
      this.below = below;
      for (const [index, segment] of this.segments.entries()) this.paths[index] = below + segment;
    }
    return below + this.segments[position];
  }
}
