import type { RunEvent } from '../event/event.ts';
import type { Masker } from './masker.ts';

/** Words of ours and names of nodes: readers compare them, so they stay what they are. */
const kept = new Set([
  'announce',
  'by',
  'executor',
  'group',
  'id',
  'kind',
  'needs',
  'onExit',
  'order',
  'outcome',
  'pidStart',
  'run',
  'scope',
  'service',
  'services',
  'signal',
  'stage',
  'step',
  'stream',
  'task',
  'type',
  'verdict',
  'version',
]);

/** The event with its free text masked. Its shape, its words and the ids in it stay. */
export function maskEvent(event: RunEvent, masker: Masker): RunEvent {
  return maskedValue(event, '', masker) as RunEvent;
}

function maskedValue(value: unknown, key: string, masker: Masker): unknown {
  if (typeof value === 'string') return kept.has(key) ? value : masker.text(value);
  if (Array.isArray(value)) return value.map((item) => maskedValue(item, key, masker));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, maskedValue(item, name, masker)]),
  );
}
