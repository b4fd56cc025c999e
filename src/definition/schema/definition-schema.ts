import { z } from 'zod';
import { durationSchema } from './duration-schema.ts';
import type { RecordKind } from './other-names.ts';
import {
  budgetRecord,
  budgetSchema,
  cacheRecord,
  cacheSchema,
  retryRecord,
  retrySchema,
} from './policy-schemas.ts';
import { forEachRecord, innerStepSchema, stepSchema } from './step-schema.ts';

const jsonSchema = z.record(z.string(), z.unknown());
const url = z.url({ protocol: /^https?$/ });
const action = z.enum(['continue', 'abort', 'retry']);
const flag = z.boolean().optional();

const defaultsRecord = z
  .strictObject({
    retry: retrySchema.optional(),
    timeout: durationSchema.optional(),
    cache: cacheSchema.optional(),
    provider: z.string().min(1).optional(),
  })
  .meta({ id: 'Defaults', description: 'For all steps that say nothing else.' });

const errorHandlerRecord = z
  .strictObject({ action, notifyWebhook: url.optional() })
  .meta({ id: 'ErrorHandler' });

const preferenceRecord = z
  .strictObject({ preferredProviders: z.array(z.string()) })
  .meta({ id: 'Preference' });

const webhooksRecord = z
  .strictObject({
    workflowComplete: url.optional(),
    stepComplete: url.optional(),
    errorOccurred: url.optional(),
  })
  .meta({ id: 'Webhooks', description: 'Who is told of what happens.' });

const debugRecord = z
  .strictObject({ workflowTracing: flag, saveIntermediateResults: flag, logStepDetails: flag })
  .meta({ id: 'Debug' });

/**
 * What a workflow file says, by the names of Tutti: the one source of the types, of the checks and of
 * `schema/workflow.schema.json`.
 */
export const definitionSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .meta({ description: "The workflow's name; the file's, if left out." }),
    version: z.string().min(1).optional().meta({ description: 'Default 1.' }),
    description: z.string().optional(),
    input: jsonSchema.optional().meta({ description: 'A JSON Schema of the input.' }),
    output: jsonSchema.optional().meta({ description: 'A JSON Schema of the output.' }),
    steps: z.array(stepSchema).min(1).optional().meta({ description: 'The steps, in any order.' }),
    flow: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'In place of steps, a line of text: "Research AND gather THEN write".' }),
    defaults: defaultsRecord.optional(),
    onError: z.union([action, errorHandlerRecord]).optional().meta({
      description:
        'What a failure means: abort stops the rest (default); continue lets what does not depend on it end; retry tries once more.',
    }),
    failFast: flag.meta({ description: 'false is onError: continue.' }),
    maxParallelSteps: z
      .int()
      .min(1)
      .optional()
      .meta({ description: 'How many steps run at once; no limit.' }),
    budget: budgetSchema.optional(),
    providers: z
      .record(z.string(), preferenceRecord)
      .optional()
      .meta({ description: 'Preferred providers, by the tag of a skill.' }),
    webhooks: webhooksRecord.optional(),
    debug: debugRecord.optional(),
  })
  .meta({
    title: 'A Tutti workflow',
    description: 'Steps that run as soon as what they depend on has ended.',
  });

/** A workflow, as data. */
export type Definition = z.infer<typeof definitionSchema>;

/** The records of a workflow file, by what they are. */
export const recordSchemas: Readonly<Record<RecordKind, z.ZodObject>> = {
  Workflow: definitionSchema,
  Step: stepSchema,
  InnerStep: innerStepSchema,
  Retry: retryRecord,
  Cache: cacheRecord,
  Budget: budgetRecord,
  ForEach: forEachRecord,
  Defaults: defaultsRecord,
  ErrorHandler: errorHandlerRecord,
  Preference: preferenceRecord,
  Webhooks: webhooksRecord,
  Debug: debugRecord,
};
