import { step, workflow } from 'tutti';
import { mapReduce } from 'tutti/operators';
import { document } from './document.ts';
import { makeReport } from './report.ts';

const report = step('report', makeReport);

/** Analyses documents, four at a time, and makes one report of all; those that fail are in it, with the reason. */
export const contentAnalysis = workflow(
  { name: 'content-analysis', version: '1' },
  mapReduce(document, report, { keyBy: ({ name }) => name, concurrency: 4, failure: 'settle' }),
);
