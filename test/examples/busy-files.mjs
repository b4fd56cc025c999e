// Loaded before an example: the first two attempts to read `busy.txt` find too many files open.
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const { readFile } = fs;
let refusals = 2;

fs.readFile = async (path, ...rest) => {
  if (String(path).endsWith('busy.txt') && refusals-- > 0)
    throw Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' });
  return readFile(path, ...rest);
};
syncBuiltinESMExports();
