import { appendFileSync } from 'node:fs';

/** What a test run can only show where it is installed. The last lines of `npm test` tell of each. */
export const exercisable = [
  'host (control groups)',
  'host (process table)',
  'redis',
  'postgres',
  'nginx',
  'docker',
  'podman',
  'docker-compose',
  'chromium',
] as const;

/** Tells the test runner that a real one has been at work in this run. */
export function exercised(what: (typeof exercisable)[number]): void {
  const file = process.env['CONTINUO_TEST_EXERCISED'];
  if (file !== undefined) appendFileSync(file, `${what}\n`);
}
