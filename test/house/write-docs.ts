// Writes the pages of the documentation that are made from the sources: `npm run docs`.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './docs.ts';
import { operatorsPage } from './operators-page.ts';

await writeFile(join(root, 'docs/operators.md'), operatorsPage(root));
