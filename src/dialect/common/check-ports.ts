import { everything, label, stillLives } from './outline.ts';

import type { Findings } from './diagnostic.ts';
import type { HeldPort, OutlineGroup, OutlineTask, Placed } from './outline.ts';

/** Reports tasks that would hold one port of this machine at the same time, or one of them twice. */
export function checkPorts(root: OutlineGroup, findings: Findings): void {
  const earlier = new Map<string, Holder[]>();
  for (const { outline, groups } of everything(root)) {
    if (outline.kind === 'group') continue;
    const own = new Map<string, HeldPort>();
    for (const port of outline.held) {
      const key = `${port.port}/${port.protocol}`;
      const twin = own.get(key);
      if (twin && port.how === 'published') reportTwice(outline, port, twin, findings);
      own.set(key, twin ?? port);
    }
    for (const [key, port] of own) {
      const holders = earlier.get(key) ?? [];
      const rival = holders.find(({ placed }) => stillLives(placed, groups));
      if (rival) report(outline, port, rival, findings);
      earlier.set(key, [...holders, { placed: { outline, groups }, at: port }]);
    }
  }
}

interface Holder {
  readonly placed: Placed<OutlineTask>;
  readonly at: HeldPort;
}

function report(
  task: OutlineTask,
  { port, how, span }: HeldPort,
  rival: Holder,
  findings: Findings,
): void {
  const owner = label(rival.placed.outline);
  const isPublished = how === 'published' || rival.at.how === 'published';
  const which = isPublished ? `port ${port} of this machine` : `port ${port}`;
  const where = rival.at.how === 'published' ? 'publishes it here' : 'is asked for here';
  findings.error(span, `${label(task)}: ${which} is already the port of ${owner}`, {
    hint: isPublished
      ? 'what lives at the same time needs a port of this machine each; `0:…` publishes at any that is free'
      : 'two services that live at the same time need a port each',
    related: [{ message: `${owner} ${where}`, span: rival.at.span }],
  });
}

function reportTwice(
  task: OutlineTask,
  { port, span }: HeldPort,
  twin: HeldPort,
  findings: Findings,
): void {
  findings.error(span, `${label(task)}: it publishes port ${port} of this machine twice`, {
    related: [{ message: 'first published here', span: twin.span }],
  });
}
