// What a bundle of each of the others weighs, whole, by the same means as Tutti's in test/house/size-limit.mjs.
import { fileURLToPath } from 'node:url';
import { weigh } from '../house/size-limit.mjs';

const from = fileURLToPath(new URL('.', import.meta.url));
const whole = (name) => ({
  ...weigh(name, [name], { from, platform: 'node', external: [] }),
  path: '../../dist/src/index.js',
});

export default ['rxjs', 'effect', '@langchain/core/runnables', '@langchain/langgraph', 'xstate'].map(whole);
