/** Where random numbers come from: at least 0, less than 1. */
export type RandomSource = () => number;

/** The random numbers of the runtime; a run takes another source in its options. */
export const systemRandom: RandomSource = () => Math.random();
