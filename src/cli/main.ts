#!/usr/bin/env node
import { program } from './program.ts';

const code = await program(process.argv.slice(2));
// What skills leave open, such as a connection, is not waited for; what was written is.
process.stdout.write('', () => process.exit(code));
