import { isStep } from '../../core/as-step.ts';
import type { Schema } from '../../core/edge.ts';
import { DefinitionError } from '../../core/errors.ts';
import { checkId } from '../../core/path.ts';
import type { AnyStep, Step } from '../../core/step-types.ts';
import type { JsonSchema } from '../schema/workflow-json-schema.ts';
import { isUnsafeName } from '../unsafe-name.ts';
import { jsonSchemaOf } from './json-schema-of.ts';
import { schemasOf } from './step-schemas.ts';

/** What is known of a skill beside its step. */
export interface SkillOptions {
  /** What files and texts call it; default the step's id. */
  readonly name?: string;
  /** What else they call it. */
  readonly aliases?: readonly string[];
  /** What kinds of work it does; preferences for providers go by them. */
  readonly tags?: readonly string[];
  /** Who does the work, such as `openai.gpt-4`. Skills of one name have different providers. */
  readonly provider?: string;
  /** What a call is expected to cost, in US dollars, or how that follows from its input. */
  readonly estimateUsd?: number | ((input: unknown) => number);
  readonly description?: string;
}

/** A step under a name that files and texts can use. */
export interface Skill {
  readonly name: string;
  readonly step: Step<unknown, unknown>;
  readonly aliases: readonly string[];
  readonly tags: readonly string[];
  readonly provider: string | undefined;
  readonly estimateUsd: number | ((input: unknown) => number) | undefined;
  readonly description: string | undefined;
  /** What checks what it takes, where that is known. */
  readonly schema: Schema | undefined;
  /** What it takes, as JSON Schema, where that is known. */
  readonly input: JsonSchema | undefined;
  /** What it gives, as JSON Schema, where that is known. */
  readonly output: JsonSchema | undefined;
}

/**
 * The skills that files and texts can use, by name.
 *
 * ```ts
 * import { step } from 'tutti';
 * import { SkillRegistry } from 'tutti/definition';
 *
 * const shout = step('shout', ({ text }: { text: string }) => ({ text: text.toUpperCase() }));
 * const registry = new SkillRegistry().register(shout, { aliases: ['upper'], tags: ['text'] });
 * ```
 */
export class SkillRegistry {
  readonly #skills: Skill[] = [];
  readonly #byName = new Map<string, Skill[]>();

  /**
   * Adds a skill.
   *
   * Errors: `DefinitionError` for what is no step, a name that files cannot have, and a name that another skill of the same
   * provider has.
   */
  register(step: AnyStep, options: SkillOptions = {}): this {
    if (!isStep(step)) throw new DefinitionError('register: a skill is a step');
    const skill = skillOf(step, options);
    const names = [skill.name, ...skill.aliases];
    for (const name of names) this.#checkName(name, skill);
    for (const name of new Set(names)) this.#byName.set(name, [...(this.#byName.get(name) ?? []), skill]);
    this.#skills.push(skill);
    return this;
  }

  /**
   * The skill of a name or an alias: of several, that of the first preferred provider that has one, else the one that was
   * registered first.
   */
  find(name: string, preferred: readonly string[] = []): Skill | undefined {
    const skills = this.named(name);
    for (const provider of preferred) {
      const found = skills.find((skill) => skill.provider === provider);
      if (found !== undefined) return found;
    }
    return skills[0];
  }

  /** The skills of a name or an alias, one for each provider. */
  named(name: string): readonly Skill[] {
    return this.#byName.get(name) ?? [];
  }

  /** All skills, in the order in which they were registered. */
  get skills(): readonly Skill[] {
    return [...this.#skills];
  }

  /** All names and aliases. */
  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  /** All providers. */
  get providers(): readonly string[] {
    return [...new Set(this.#skills.flatMap(({ provider }) => provider ?? []))];
  }

  #checkName(name: string, { provider }: Skill): void {
    checkId(name, 'a skill');
    if (isUnsafeName(name)) throw new DefinitionError(`a skill cannot be called ${name}`);
    if (this.named(name).some((other) => other.provider === provider))
      throw new DefinitionError(
        `two skills are called ${JSON.stringify(name)}${provider === undefined ? '' : ` for ${provider}`}`,
      );
  }
}

function skillOf(step: AnyStep, options: SkillOptions): Skill {
  const { name = step.id, aliases = [], tags = [], provider, estimateUsd, description } = options;
  const { input, output } = schemasOf(step);
  return {
    name,
    // Whatever it takes: what files hand it is checked by its schema.
    step: step as unknown as Step<unknown, unknown>,
    aliases,
    tags,
    provider,
    estimateUsd,
    description,
    schema: input,
    input: jsonSchemaOf(input, 'input'),
    output: jsonSchemaOf(output, 'output'),
  };
}
