/** What the page shows, as its address tells. */
export type Route =
  | { readonly kind: 'list' }
  | {
      readonly kind: 'run';
      readonly run: string;
      /** Whose log is looked at. Absent: everybody's. */
      readonly task?: string;
      /** The line that is linked to, from 1. */
      readonly line?: number;
    };

/** Reads the part of an address after its `#`. What means nothing is the list. */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#/, '').split('?', 2);
  const [, runs, run = '', task] = path.split('/').map(decoded);
  if (runs !== 'runs' || run === '') return { kind: 'list' };
  const line = Number(new URLSearchParams(search).get('line') ?? '');
  return {
    ...{ kind: 'run', run },
    ...(task !== undefined && task !== '' && { task }),
    ...(Number.isSafeInteger(line) && line > 0 && { line }),
  };
}

/** The address of it. */
export function hrefOf(route: Route): string {
  if (route.kind === 'list') return '#/';
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
