import { listed } from './describe.ts';

import type { ServiceAddress } from '../event/event.ts';

/** Where a service is reached, to follow `reached at`: `db:5432 from containers, …`. */
export function addressWords(addresses: readonly ServiceAddress[]): string {
  const from = (who: ServiceAddress['from'], words: string): string => {
    const at = addresses.filter((address) => address.from === who).map(addressText);
    return at.length === 0 ? '' : `${listed(at)}${words}`;
  };
  return [
    from(undefined, ''),
    from('container', ' from containers'),
    from('host', ' from the host'),
  ]
    .filter((words) => words !== '')
    .join(', ');
}

/** The addresses of a service where there is no room for words, each of them once. */
export const addressTexts = (addresses: readonly ServiceAddress[]): readonly string[] => [
  ...new Set(addresses.map(addressText)),
];

const addressText = ({ host, port }: ServiceAddress): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
