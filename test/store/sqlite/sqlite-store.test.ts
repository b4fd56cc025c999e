import { runStoreSuite } from '../../../src/testing/store-suite/run-store-suite.ts';
import { sqlitePlace } from './sqlite-place.ts';

runStoreSuite('sqliteStore', () => sqlitePlace());
