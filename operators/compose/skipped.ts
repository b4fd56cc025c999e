/** What is told of a step or a composite that does not run, at the place where it would have. */
export const skipped = { type: 'step.skipped', reason: 'its condition does not hold' } as const;
