import { runStoreSuite } from '../../../src/testing/store-suite/run-store-suite.ts';
import { postgresPlace } from './postgres-place.ts';

runStoreSuite('postgresStore', () => postgresPlace());
