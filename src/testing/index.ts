import './to-be-timeline.ts';

export { type CheckEventsOptions, checkEvents } from './check-events.ts';
export { type CollectedRun, collectRun } from './collect-run.ts';
export { type FakeCall, type FakeOptions, type FakeScript, type FakeStep, fakeStep } from './fake-step.ts';
export { marbles } from './marbles.ts';
export type {
  MarbleExpectation,
  MarbleObservable,
  MarbleSubscription,
  MarblesContext,
  MarbleValues,
} from './marbles-context.ts';
export { runStoreSuite, type StoreSuiteOptions } from './store-suite/run-store-suite.ts';
export type { StorePlace } from './store-suite/store-place.ts';
export { TestingError } from './testing-error.ts';
export { timeline } from './timeline.ts';
export type { TimelineMatchers } from './to-be-timeline.ts';
