import { runStoreSuite } from '../../../src/testing/store-suite/run-store-suite.ts';
import { reusedPlace } from './postgres-place.ts';

runStoreSuite('postgresStore', () => reusedPlace());
