/** A workflow in the text language, as a tree of plain data; {@link parse} makes it, {@link print} writes it. */
export interface TextWorkflow {
  readonly type: 'workflow';
  /** At least one, in order: what stands between `THEN`s. */
  readonly phases: readonly TextPhase[];
}

/** What stands between two `THEN`s. */
export type TextPhase = TextGroup | TextConditional;

/** Tasks side by side: `a AND b AND IF_ANY_FAILED c`. */
export interface TextGroup {
  readonly type: 'group';
  /** At least one. */
  readonly tasks: readonly TextTask[];
  /** What runs after them when one of them has failed. */
  readonly anyFailed?: TextTask;
}

/** A phase that depends on how the one before ended: `IF_SUCCESS a ELSE b`. */
export interface TextConditional {
  readonly type: 'conditional';
  readonly when: 'success' | 'failure' | 'anyFailed';
  readonly group: TextGroup;
  readonly otherwise?: TextGroup;
}

/** One task: `writer: draft the post with GPT-4 (retry up to 3 times on failure) IF_SUCCESS`. */
export interface TextTask {
  readonly type: 'task';
  /** Who does it. */
  readonly agent?: string;
  /** What is to be done; empty where all that is said is by whom, as in `use local model`. */
  readonly text: string;
  readonly provider?: TextProvider;
  /** After the first attempt. */
  readonly retries?: number;
  readonly when?: TextCondition;
}

/** A provider by its name, or by tiers that it has all of; `phrase` is how it was written, as in `with GPT-4`. */
export type TextProvider =
  | { readonly type: 'named'; readonly name: string; readonly phrase: string }
  | { readonly type: 'tier'; readonly tiers: readonly ProviderTier[]; readonly phrase: string };

/** What tells providers apart where none is named. */
export type ProviderTier = 'cheap' | 'expensive' | 'free' | 'local';

/** What a task asks of the phase before. */
export type TextCondition =
  | { readonly type: 'success' }
  | { readonly type: 'failure' }
  | { readonly type: 'contains'; readonly text: string };
