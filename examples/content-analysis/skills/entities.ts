/** What a text names, each once, in the order of the text. */
export interface Entities {
  readonly people: readonly string[];
  readonly places: readonly string[];
  readonly organisations: readonly string[];
  /** Names whose kind is unknown. */
  readonly names: readonly string[];
  /** Absolute dates, as written. */
  readonly dates: readonly string[];
  readonly emails: readonly string[];
  readonly urls: readonly string[];
  readonly money: readonly string[];
}
