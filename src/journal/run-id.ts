import { randomInt } from 'node:crypto';

/** Without letters and digits that are taken for each other, in the order in which they sort. */
const alphabet = '23456789abcdefghjkmnpqrstuvwxyz';
const tailLength = 5;
const perMillisecond = Math.floor(alphabet.length ** tailLength / 1_000);

/**
 * A new run's id, such as `20261121-223012-4k3f9`: UTC, easy to type, and sorted by time to the
 * millisecond; beyond that by chance.
 */
export function newRunId(now: number): string {
  const [day, time] = new Date(now).toISOString().replaceAll(/[-:]/g, '').split(/[T.]/);
  let rest = (Math.floor(now) % 1_000) * perMillisecond + randomInt(perMillisecond);
  let tail = '';
  for (let digit = 0; digit < tailLength; digit++) {
    tail = alphabet[rest % alphabet.length]! + tail;
    rest = Math.floor(rest / alphabet.length);
  }
  return `${day}-${time}-${tail}`;
}

/** When the run with this id began, to the second. `undefined` for what is not a run's id. */
export function timeOfRunId(id: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-[a-z0-9]{5}$/.exec(id);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}
