import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

interface Crypto {
  hash(algorithm: 'sha256', text: string): string;
}

interface Process {
  getBuiltinModule?(name: 'node:crypto'): Crypto;
}

/** Node's own, where there is Node: it takes a tenth of the time. */
const node = (Reflect.get(globalThis, 'process') as Process | undefined)?.getBuiltinModule?.('node:crypto');

/** SHA-256 of a text, in hexadecimal. */
export function sha256Of(text: string): string {
  return node === undefined ? bytesToHex(sha256(utf8ToBytes(text))) : node.hash('sha256', text);
}
