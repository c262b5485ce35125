import { endLease, readLease } from './lease.ts';

/*
 * The program that a watchdog runs once its owner is dead: ends what the lease in its first
 * argument names. Its signals are ignored as those of the shell before it were.
 */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

/** An engine makes within seconds what it was asked for, and may be starting anew. */
const quietMs = 5_000;
const patienceMs = 120_000;

const [file, graceMs] = process.argv.slice(2);
if (file !== undefined) {
  // An engine that is asked by ssh wants the ssh of the dead run, and its keys.
  Object.assign(process.env, readLease(file)?.lease.environment);
  await endLease(file, { graceMs: Number(graceMs), quietMs, patienceMs });
}
