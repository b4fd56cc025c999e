import { z } from 'zod';
import { durationSchema } from './duration-schema.ts';
import { budgetSchema, cacheSchema, retrySchema } from './policy-schemas.ts';

/** What a step and the steps inside it have in common. */
const shared = {
  uses: z.string().min(1).meta({ description: 'The name of a skill.' }),
  provider: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Of the skills of this name, the one by this provider.' }),
  description: z.string().optional(),
  input: z.unknown().optional().meta({
    description:
      'What the skill takes: paths ($.input.text, $.steps.analyze.output), texts with {{ }}, lists, records, values.',
  }),
  retry: retrySchema.optional(),
  timeout: durationSchema.optional().meta({ description: 'How long one attempt may take.' }),
  cache: cacheSchema.optional(),
  budget: budgetSchema.optional(),
};

const id = z.string().min(1).max(100);

/** A step inside a step: a fallback, a reducing step, a compensation. */
export const innerStepSchema = z
  .strictObject({
    id: id.optional().meta({ description: 'What events call it; the name of the skill, if left out.' }),
    ...shared,
    get fallback() {
      return fallbackSchema.optional();
    },
  })
  .meta({ id: 'InnerStep' });

const innerOrName = z.union([z.string().min(1), innerStepSchema]);

const fallbackSchema: z.ZodType<Fallback> = z
  .lazy(() => z.union([z.string().min(1), innerStepSchema, z.array(innerOrName).min(1)]))
  .meta({
    id: 'Fallback',
    description: 'Who takes over when the step fails: a skill, a step, or several in order.',
  });

/** The name of a skill, a step, or several. */
export type Fallback = string | InnerStep | readonly (string | InnerStep)[];

/** A step inside a step. */
export interface InnerStep {
  readonly id?: string | undefined;
  readonly uses: string;
  readonly provider?: string | undefined;
  readonly description?: string | undefined;
  readonly input?: unknown;
  readonly retry?: z.infer<typeof retrySchema> | undefined;
  readonly timeout?: string | undefined;
  readonly cache?: z.infer<typeof cacheSchema> | undefined;
  readonly budget?: z.infer<typeof budgetSchema> | undefined;
  readonly fallback?: Fallback | undefined;
}

/** `forEach` in full. */
export const forEachRecord = z
  .strictObject({
    over: z.union([z.string(), z.array(z.unknown())]).meta({ description: 'A path to a list, or a list.' }),
    key: z
      .string()
      .optional()
      .meta({ description: 'What an item is called in events: $.item.id; its position.' }),
    concurrency: z.int().min(1).optional(),
    onError: z
      .enum(['abort', 'continue'])
      .optional()
      .meta({ description: 'continue leaves out the items that fail; abort.' }),
  })
  .meta({ id: 'ForEach' });

/** A step of a workflow. */
export const stepSchema = z
  .strictObject({
    id: id.meta({ description: 'What others call it: $.steps.<id>.output.' }),
    ...shared,
    dependsOn: z
      .union([z.string(), z.array(z.string())])
      .optional()
      .meta({
        description: 'The steps that end before; those whose outputs it reads are among them anyway.',
      }),
    condition: z.union([z.string(), z.boolean()]).optional().meta({
      description: 'The step is skipped where this does not hold: $.steps.moderate.output.approved == true',
    }),
    fallback: fallbackSchema.optional(),
    forEach: z
      .union([z.string(), z.array(z.unknown()), forEachRecord])
      .optional()
      .meta({ description: 'Runs the step for each item of a list, as $.item and $.index.' }),
    concurrency: z.int().min(1).optional().meta({ description: 'How many items at once; all.' }),
    reduce: innerOrName.optional().meta({ description: 'Makes one output of those of all items.' }),
    compensate: innerOrName.optional().meta({
      description: 'Undoes the step when the run fails after it; takes { input, output } of the step.',
    }),
    parallel: z.boolean().optional().meta({ description: 'false: nothing else runs beside it; true.' }),
  })
  .meta({ id: 'Step' });
