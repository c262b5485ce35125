import { everything, label, stillLives } from './outline.ts';

import type { Findings } from './diagnostic.ts';
import type { OutlinePort, OutlineTask, Placed } from './outline.ts';
import type { OutlineGroup } from './outline.ts';

/** Reports services that would listen on one port of this machine at the same time. */
export function checkPorts(root: OutlineGroup, findings: Findings): void {
  const earlier = new Map<number, Holder[]>();
  for (const { outline, groups } of everything(root)) {
    if (outline.kind !== 'service' || !outline.isOnMachine) continue;
    const ports = outline.ports.filter(
      ({ port }, at, all) => all.findIndex((other) => other.port === port) === at,
    );
    for (const port of ports) {
      const holders = earlier.get(port.port) ?? [];
      const rival = holders.find(({ placed }) => stillLives(placed, groups));
      if (rival) report(outline, port, rival, findings);
      earlier.set(port.port, [...holders, { placed: { outline, groups }, at: port }]);
    }
  }
}

interface Holder {
  readonly placed: Placed<OutlineTask>;
  readonly at: OutlinePort;
}

function report(
  service: OutlineTask,
  { port, span }: OutlinePort,
  rival: Holder,
  findings: Findings,
): void {
  const owner = label(rival.placed.outline);
  findings.error(span, `${label(service)}: port ${port} is already the port of ${owner}`, {
    hint: 'two services that live at the same time need a port each',
    related: [{ message: `${owner} is asked for here`, span: rival.at.span }],
  });
}
