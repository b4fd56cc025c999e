/** What is wrong in an expression or a mapping, at a place of its text, from 0. */
export interface Flaw {
  readonly message: string;
  readonly at: number;
  readonly length: number;
  readonly suggestion?: string | undefined;
}

/** Leaves parsing where something is wrong; whoever parses catches it. */
export class FlawFound {
  readonly flaw: Flaw;

  constructor(message: string, at: number, length: number, suggestion?: string) {
    this.flaw = { message, at, length, suggestion };
  }
}
