import { HttpStatusError, step } from 'tutti';
import { SkillRegistry } from 'tutti/definition';
import { z } from 'zod';

const text = z.object({ text: z.string() });

const analyzer = step({
  id: 'content-analyzer',
  input: text,
  output: z.object({ words: z.number(), flags: z.array(z.string()) }),
  run: ({ text }) => ({
    words: text.split(' ').length,
    flags: ['stupid', 'hate'].filter((word) => text.includes(word)),
  }),
});

const moderator = step({
  id: 'content-moderator',
  input: z.object({ text: z.string(), analysis: z.object({ flags: z.array(z.string()) }) }),
  output: z.object({ approved: z.boolean(), reason: z.string().optional() }),
  run: ({ analysis: { flags } }) =>
    flags.length === 0 ? { approved: true } : { approved: false, reason: flags.join() },
});

const responder = step({
  id: 'response-generator',
  input: z.object({ original: z.string(), moderation: z.object({ approved: z.boolean() }) }),
  output: z.object({ message: z.string() }),
  run: ({ original }) => ({ message: `Thank you for: ${original}` }),
});

/** Gives what it is given. */
const echo = step('echo', (given: unknown) => given);

/** Fails with the HTTP status that its input names. */
const failing = step('failing', (given: unknown) => {
  throw new HttpStatusError(Number(Reflect.get(Object(given), 'status') ?? 503));
});

/** A registry of all of these. */
export function skills(): SkillRegistry {
  return new SkillRegistry()
    .register(analyzer, { aliases: ['analyzer'] })
    .register(moderator)
    .register(responder)
    .register(echo)
    .register(failing);
}
