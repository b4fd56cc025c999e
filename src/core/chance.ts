import { uuidv7 } from 'uuidv7';

/** Where random numbers come from: at least 0, less than 1. */
export type RandomSource = () => number;

/** The random numbers of the runtime; a run takes another source in its options. */
export const systemRandom: RandomSource = () => Math.random();

/** A new id that sorts by time of making (UUID version 7, RFC 9562). */
export const newId = (): string => uuidv7();
