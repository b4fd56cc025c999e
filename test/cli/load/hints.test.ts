import { SkillRegistry } from 'tutti/definition';
import { describe, expect, it } from 'vitest';
import { keywordHint } from '../../../src/cli/load/keyword-hint.ts';
import { skillsHint } from '../../../src/cli/load/skills-hint.ts';

describe('skillsHint', () => {
  const registry = new SkillRegistry();
  const problems = [{ message: 'there is no skill "write a poem", and no default skill' }];

  it('says where to put skills, where there are none', () => {
    expect(skillsHint(problems, { registry, from: [] })).toMatch(/^No module with skills was loaded: /);
    expect(skillsHint([{ message: 'the text is empty' }], { registry, from: [] })).toBeUndefined();
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

describe('keywordHint', () => {
  it('speaks of a text that joins nothing but by a word in small letters', () => {
    const said = (text: string) => keywordHint({ file: undefined, text });
    expect(said('draft then polish')).toMatch(/^this text is one task/);
    expect(said('draft Then polish')).toMatch(/^this text is one task/);
    expect(said('draft, then rest THEN polish')).toBeUndefined();
    expect(said('edit and polish')).toBeUndefined();
    expect(said('then')).toBeUndefined();
    expect(keywordHint({ file: 'a.yaml', text: 'draft then polish' })).toBeUndefined();
  });
});
