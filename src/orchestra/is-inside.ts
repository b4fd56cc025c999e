/** The first segment of a place below a step, if it is reserved: its name, and which of those of that name it is. */
const segment = /^(![^/~]*?)\d*(?:~(\d+))?(?:[/[]|$)/;

/**
 * Whether a place below a step is one of what runs inside a policy: of the step's own structure, or one of the names that the policy
 * and those inside it have reserved. Policies around it have taken others: the next of a name has a number.
 *
 * @param below the path from the step on, without a slash in front
 */
export function isInside(below: string, reserved: readonly string[]): boolean {
  if (!below.startsWith('!')) return true;
  const [, name, number = '1'] = segment.exec(below) ?? [];
  return reserved.filter((one) => one.replace(/\d+$/, '') === name).length >= Number(number);
}
