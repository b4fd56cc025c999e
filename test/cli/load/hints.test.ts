import { step } from 'tutti';
import { SkillRegistry } from 'tutti/definition';
import { describe, expect, it } from 'vitest';
import { skillsHint } from '../../../src/cli/load/skills-hint.ts';
import { textHint } from '../../../src/cli/load/text-hint.ts';

describe('skillsHint', () => {
  const registry = new SkillRegistry();
  const problems = [{ message: 'there is no skill "write a poem", and no default skill' }];

  it('says where to put skills, where there are none', () => {
    expect(skillsHint(problems, { registry, from: [] })).toMatch(/^No module with skills was loaded: /);
    expect(skillsHint([{ message: 'the text is empty' }], { registry, from: [] })).toBeUndefined();
  });

  it('says how programs are turned on', () => {
    for (const message of ['there is no skill "shell", and no default skill', 'there is no skill shell'])
      expect(skillsHint([{ message }], { registry, from: [] })).toMatch(/^Programs are off\. .*shell/);
  });

  it('says how free words are done', () => {
    const from = ['tutti.config.ts'];
    expect(skillsHint(problems, { registry, from })).toBe(
      "For tasks in free words, name the skill that does them in tutti.config.ts: export const defaultSkill = 'its-name';",
    );
    expect(skillsHint(problems, { registry, from, defaultSkill: 'editr' })).toBe(
      "tutti.config.ts exports defaultSkill = 'editr', and there is no such skill.",
    );
    expect(skillsHint([{ message: 'there is no skill shoot' }], { registry, from })).toBeUndefined();
  });
});

describe('textHint', () => {
  const said = (text: string) => textHint({ file: undefined, text });

  it('speaks of a text that joins nothing but by a word in small letters', async () => {
    expect(await said('draft then polish')).toMatch(/^this text is one task, with "then"/);
    expect(await said('draft Then polish')).toMatch(/^this text is one task/);
    for (const text of ['draft, then rest THEN polish', 'edit and polish', 'then'])
      expect(await said(text)).toBeUndefined();
    expect(await textHint({ file: 'a.yaml', text: 'draft then polish' })).toBeUndefined();
  });

  it('speaks of a task that nearly has the name of a skill, and of a provider that nearly is one', async () => {
    const registry = new SkillRegistry().register(step('draft', () => 1));
    const known = { registry, providers: [{ name: 'GPT-4' }] };
    const hint = (text: string): Promise<string | undefined> => textHint({ file: undefined, text }, known);
    expect(await hint('drat THEN write it')).toBe(
      '"drat" is no skill, and is left to the default skill; did you mean "draft"?',
    );
    expect(await hint('write it AND draft a page with gpt4')).toBe(
      'there is no provider "gpt4", so it is a part of the task; did you mean "GPT-4"?',
    );
    expect(await hint('draft THEN write it with GPT-4')).toBeUndefined();
  });

  it('speaks of a file that has the name of the task', async () => {
    expect(await said('./examples/content-moderator')).toBe(
      'this is taken for a text of one task; there is a file examples/content-moderation.yaml, too',
    );
    expect(await said('write')).toBeUndefined();
  });
});
