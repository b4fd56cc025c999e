import { step } from 'tutti';
import { parallel, retry, sequence } from 'tutti/operators';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SkillRegistry } from '../../../src/definition/registry/skill-registry.ts';

const shout = step({
  id: 'shout',
  input: z.object({ text: z.string() }),
  output: z.object({ text: z.string() }),
  run: ({ text }) => ({ text: text.toUpperCase() }),
});

describe('SkillRegistry', () => {
  it('finds skills by name and alias', () => {
    const registry = new SkillRegistry().register(shout, { aliases: ['upper'], tags: ['text'] });
    expect(registry.find('shout')?.step).toBe(shout);
    expect(registry.find('upper')).toBe(registry.find('shout'));
    expect(registry.find('toString')).toBeUndefined();
    expect(registry.names).toEqual(['shout', 'upper']);
    expect(registry.skills).toMatchObject([{ name: 'shout', tags: ['text'] }]);
  });

  it('finds, of several with one name, that of the preferred provider', () => {
    const registry = new SkillRegistry()
      .register(shout, { name: 'write', provider: 'a' })
      .register(shout, { name: 'write', provider: 'b' });
    expect(registry.find('write')?.provider).toBe('a');
    expect(registry.find('write', ['c', 'b'])?.provider).toBe('b');
    expect(registry.find('write', ['c'])?.provider).toBe('a');
    expect(registry.providers).toEqual(['a', 'b']);
  });

  it('knows what a skill takes and gives, also under policies', () => {
    const [bare, retried, adapted] = new SkillRegistry()
      .register(shout)
      .register(shout.with(retry()), { name: 'retried' })
      .register(
        shout.using((text: string) => ({ text })).map(({ text }) => text),
        { name: 'adapted' },
      ).skills;
    expect(bare?.input).toMatchObject({ required: ['text'] });
    expect(bare?.output).toMatchObject({ properties: { text: { type: 'string' } } });
    expect(retried).toMatchObject({ input: bare?.input, output: bare?.output });
    expect([adapted?.input, adapted?.output]).toEqual([undefined, undefined]);
    const composite = new SkillRegistry().register(sequence(shout, parallel({ shout })), { name: 'both' });
    expect(composite.find('both')?.input).toBeUndefined();
  });

  it('takes any Standard JSON Schema, and goes without', () => {
    const standard = { version: 1, vendor: 'x', validate: (value: unknown) => ({ value }) } as const;
    const jsonSchema = { input: () => ({ type: 'string' }), output: () => ({ type: 'number' }) };
    const described = { '~standard': { ...standard, jsonSchema } };
    const foreign = step({ id: 'foreign', input: described, run: () => 1 });
    const plain = step({ id: 'plain', input: { '~standard': standard }, run: () => 1 });
    const registry = new SkillRegistry().register(foreign).register(plain);
    expect(registry.find('foreign')?.input).toEqual({ type: 'string' });
    expect(registry.find('plain')?.input).toBeUndefined();
  });

  it('refuses names that are taken, and that files cannot have', () => {
    const registry = new SkillRegistry().register(shout, { aliases: ['upper'], provider: 'a' });
    expect(() => registry.register(shout, { provider: 'a' })).toThrow('two skills are called "shout" for a');
    expect(() => registry.register(shout, { name: 'upper', provider: 'a' })).toThrow('two skills');
    for (const name of ['a/b', '', '__proto__', 'constructor'])
      expect(() => registry.register(shout, { name })).toThrow(
        expect.objectContaining({ name: 'DefinitionError' }),
      );
    expect(() => registry.register((() => 1) as never)).toThrow('a skill is a step');
  });
});
