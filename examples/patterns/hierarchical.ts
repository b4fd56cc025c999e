// A master plans which specialists to ask, and for what; each is a function that it can call.
import { share } from 'rxjs';
import { outputOf, run, step } from 'tutti';
import { mapEach, ofType, route, sequence } from 'tutti/operators';

interface Call {
  readonly use: string;
  readonly query: string;
}

const specialist = (name: string, answer: (query: string) => string) =>
  step(`use_${name}_specialist`, ({ query }: Call) => answer(query));

const research = specialist('research', (query) => `${query}: agents, tools, small models`);
const math = specialist(
  'math',
  (query) => `${query} = ${query.split('*').reduce((n, m) => n * Number(m), 1)}`,
);
const writing = specialist('writing', (query) => `a summary of ${query}`);

const useSpecialist = route<Call>()
  .case({ use: 'use_research_specialist' }, research)
  .case({ use: 'use_math_specialist' }, math)
  .otherwise(writing);

// What a model would answer, given the names of the specialists.
const plan = step('plan', (request: string): Call[] => [
  { use: 'use_research_specialist', query: 'AI trends' },
  { use: 'use_math_specialist', query: '1200*35' },
  { use: 'use_writing_specialist', query: request.toLowerCase() },
]);
const conclude = step('conclude', (answers: readonly string[]) => answers.join('; '));

const master = sequence(plan, mapEach(useSpecialist, { keyBy: ({ use }) => use }), conclude);

const events$ = run(master, 'Trends and market size').pipe(share());
events$.pipe(ofType('step.started')).subscribe(({ step }) => console.log(`${step} begins`));
console.log(await outputOf(events$));
