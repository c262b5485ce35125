import { randomInt } from 'node:crypto';

/** No letters and digits that are taken for each other. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A new run's id, such as `20261121-223012-k3f9`: UTC, so that ids sort by time, and easy to type. */
export function newRunId(now: number): string {
  const [day, time] = new Date(now).toISOString().replaceAll(/[-:]/g, '').split(/[T.]/);
  const tail = Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return `${day}-${time}-${tail}`;
}

/** When the run with this id began, to the second. `undefined` for what is not a run's id. */
export function timeOfRunId(id: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-[a-z0-9]{4}$/.exec(id);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}
