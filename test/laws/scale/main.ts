// Runs one case and prints what came of it as JSON: `node --import tsx test/laws/scale/main.ts growth`, `... nest named
// failure`, `... wide 'a sequence of 100'`.

import { empties } from './empties.ts';
import { growth } from './growth.ts';
import { type NestKind, nest, type Outcome } from './nests.ts';
import { type WideCase, wide } from './wide.ts';

const kinds: Readonly<Record<string, (...names: string[]) => Promise<unknown>>> = {
  growth,
  empties: allEmpties,
  nest: (kind, outcome) => nest(kind as NestKind, outcome as Outcome),
  wide: (name) => wide[name as WideCase](),
};

async function allEmpties(): Promise<unknown> {
  const told: Record<string, unknown> = {};
  for (const [name, make] of Object.entries(empties)) told[name] = await make();
  return told;
}

const [kind = '', ...names] = process.argv.slice(2);
console.log(JSON.stringify(await kinds[kind]?.(...names)));
process.exit(0);
