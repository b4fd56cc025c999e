export { decode, encode, type Json } from '../core/codec.ts';
export { errorRecordSchema, runEventSchema } from './event-schemas.ts';
export { fromWire, toWire } from './wire.ts';
