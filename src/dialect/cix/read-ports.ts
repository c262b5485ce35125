import { parsePort } from '../../plan/container-text.ts';
import { localPort } from '../../plan/order.ts';
import { parseHostPort, whyNoUrl } from '../common/address.ts';
import { child, members, oneOrMany, textOf, valueSpan } from '../common/tree.ts';
import { isLiteral } from './text.ts';

import type { PortText } from '../../plan/container-text.ts';
import type { ProbeTarget } from '../../plan/plan.ts';
import type { HeldPort, Named, OutlinePort, OutlineTask } from '../common/outline.ts';
import type { Span } from '../common/source.ts';
import type { Spot } from '../common/tree.ts';

/** The ports of a step or service, as far as they can be made out. */
export function portsIn(spot: Spot): Pick<OutlineTask, 'ports' | 'held' | 'elsewhere'> {
  const { asked, elsewhere } = askedBy(child(spot, 'ready'));
  if (child(spot, 'image') === undefined) {
    const isService = textOf(child(spot, 'background')) === 'true';
    const held = asked.map((port) => ({ ...port, protocol: 'tcp', how: 'asked' }) as const);
    return { ports: asked, held: isService ? held : [], elsewhere };
  }
  const published = members(child(spot, 'ports')).flatMap(publishedBy);
  const held = published
    .filter(({ outside }) => outside !== 0)
    .map(({ outside, protocol, span }): HeldPort => {
      return { port: outside, protocol, span, how: 'published' };
    });
  const own = published.map(({ own: port, span }) => ({ port, span }));
  return { ports: [...asked, ...own], held, elsewhere };
}

interface Published extends PortText {
  readonly span: Span;
}

function publishedBy(spot: Spot): readonly Published[] {
  const written = spot.tree.kind === 'scalar' ? String(spot.tree.value) : '$$';
  const port = isLiteral(written) ? parsePort(written) : undefined;
  return port?.ok === true ? [{ ...port.value, span: valueSpan(spot) }] : [];
}

/** What the probes of a service ask over the network. */
function askedBy(ready: Spot | undefined): {
  readonly asked: readonly OutlinePort[];
  readonly elsewhere: readonly Named[];
} {
  const asked: OutlinePort[] = [];
  const elsewhere: Named[] = [];
  for (const { target, host, span } of oneOrMany(ready).flatMap(targetsOf)) {
    const port = localPort(target);
    if (port === undefined) elsewhere.push({ text: host, span });
    else asked.push({ port, span });
  }
  return { asked, elsewhere };
}

function targetsOf(probe: Spot): readonly Target[] {
  const targets: Target[] = [];
  const tcp = child(probe, 'tcp');
  const place = parseHostPort(textOf(tcp) ?? '');
  if (tcp && place)
    targets.push({ target: { kind: 'tcp', ...place }, host: place.host, span: valueSpan(tcp) });
  const http = child(probe, 'http');
  const spot = http && (child(http, 'url') ?? http);
  const url = textOf(spot) ?? '';
  if (spot && whyNoUrl(url) === undefined) {
    const target = { kind: 'http', url, status: [], headers: {} } as const;
    targets.push({ target, host: new URL(url).hostname, span: valueSpan(spot) });
  }
  return targets;
}

interface Target {
  readonly target: ProbeTarget;
  readonly host: string;
  readonly span: Span;
}
