import { decode, encode, type Json } from '../core/codec.ts';
import type { RunEvent } from '../core/events.ts';
import { runEventSchema } from './event-schemas.ts';

/**
 * An event as plain JSON, with nothing of its inputs, outputs and chunks lost.
 *
 * Errors: `NonSerializableOutputError` for a value the strict codec cannot write down, with its place in the event.
 */
export function toWire(event: RunEvent): Json {
  return encode(event);
}

/**
 * The event that plain JSON holds.
 *
 * Errors: `WireFormatError` for JSON that `toWire` cannot have made, zod's `ZodError` for what is not an event.
 */
export function fromWire(json: unknown): RunEvent {
  return runEventSchema.parse(decode(json as Json));
}
