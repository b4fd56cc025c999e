import { describe } from './describe.ts';
import { DefinitionError } from './errors.ts';

const kinds = {
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  function: 'a function',
  object: 'an object',
};

/** What an option is, as `typeof` says it; `'any'` where that depends, or where the option is checked further on. */
type Kind = keyof typeof kinds | 'any';

/**
 * Refuses options that there are not, and options of the wrong kind, for callers without types.
 *
 * Errors: `DefinitionError` that says what is expected.
 *
 * @param what whose options they are, such as `retry`
 * @param known every option there is
 */
export function checkOptions<T extends object>(
  what: string,
  options: T,
  known: Readonly<Record<keyof T, Kind>>,
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new DefinitionError(
      `${what}: its options must be an object, but what was given is ${describe(options)}`,
    );
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(known, name))
      throw new DefinitionError(`${what}: unknown option ${name}; it knows ${Object.keys(known).join(', ')}`);
    const kind = known[name as keyof T];
    if (value !== undefined && kind !== 'any') checkKind(`${what}: ${name}`, value, kind);
  }
}

/** Refuses what is not a function. */
export function checkFunction(what: string, value: unknown): void {
  checkKind(what, value, 'function');
}

function checkKind(what: string, value: unknown, kind: keyof typeof kinds): void {
  if (typeof value === kind) return;
  throw new DefinitionError(`${what} must be ${kinds[kind]}, but it is ${describe(value)}`);
}
