import { endLease } from './lease.ts';

/*
 * The program that a watchdog runs once its owner is dead: ends what the lease in its first
 * argument names. Its signals are ignored as those of the shell before it were.
 */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const [file, graceMs] = process.argv.slice(2);
if (file !== undefined) await endLease(file, Number(graceMs));
