export { type CronOptions, cron } from './cron.ts';
