import type { Standing } from './api/wire.ts';

/** What the page shows, as its address tells. */
export type Route =
  | {
      readonly kind: 'list';
      /** Only runs that stand so. */
      readonly outcome?: Standing;
      /** Only those with this in their names. */
      readonly name?: string;
    }
  | {
      readonly kind: 'run';
      readonly run: string;
      /** Whose log is looked at. Absent: everybody's. */
      readonly task?: string;
      /** The line that is linked to, from 1. */
      readonly line?: number;
    }
  | {
      readonly kind: 'api';
      /** What of it is tried. */
      readonly operation?: string;
    }
  /** A form to start a run. */
  | { readonly kind: 'new' };

const outcomes = [
  'starting',
  'loaded',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'lost',
] as const satisfies readonly Standing[];

/** Reads the part of an address after its `#`. What means nothing is the list. */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#/, '').split('?', 2);
  const [, runs, run = '', task] = path.split('/').map(decoded);
  const asked = new URLSearchParams(search);
  if (runs === 'api') return { kind: 'api', ...(run !== '' && { operation: run }) };
  if (runs === 'new') return { kind: 'new' };
  if (runs !== 'runs' || run === '') {
    const outcome = outcomes.find((one) => one === asked.get('outcome'));
    const name = asked.get('name') ?? '';
    return { kind: 'list', ...(outcome && { outcome }), ...(name !== '' && { name }) };
  }
  const line = Number(asked.get('line') ?? '');
  return {
    ...{ kind: 'run', run },
    ...(task !== undefined && task !== '' && { task }),
    ...(Number.isSafeInteger(line) && line > 0 && { line }),
  };
}

/** The address of it. */
export function hrefOf(route: Route): string {
  if (route.kind === 'list') {
    const { outcome = '', name = '' } = route;
    const asked = Object.entries({ outcome, name }).filter(([, value]) => value !== '');
    return asked.length === 0 ? '#/' : `#/?${new URLSearchParams(asked).toString()}`;
  }
  if (route.kind === 'api') {
    const { operation } = route;
    return operation === undefined ? '#/api' : `#/api/${encodeURIComponent(operation)}`;
  }
  if (route.kind === 'new') return '#/new';
  const { run, task, line } = route;
  const path = ['runs', run, ...(task === undefined ? [] : [task])].map(encodeURIComponent);
  return `#/${path.join('/')}${line === undefined ? '' : `?line=${line}`}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
