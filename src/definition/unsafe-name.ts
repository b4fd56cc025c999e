const unsafe = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether a name would reach into what JavaScript objects are made of; files, ids and expressions must not hold one. */
export function isUnsafeName(name: string): boolean {
  return unsafe.has(name);
}
