import { parsePort } from '../../plan/container-text.ts';
import { nodesOf } from '../../plan/order.ts';
import { everything } from '../common/outline.ts';
import { known } from './expression/text.ts';

import type { Group, RunStep, Service } from '../../plan/plan.ts';
import type { Findings } from '../common/diagnostic.ts';
import type { OutlineGroup } from '../common/outline.ts';
import type { Span } from '../common/source.ts';

/**
 * Warns of steps on the machine that ask at `localhost` for a port that nobody has there: the services before
 * them are containers that publish others, or none.
 */
export function checkReach(root: Group, outline: OutlineGroup, findings: Findings): void {
  const spans = new Map(
    everything(outline).flatMap(({ outline: { name } }): readonly (readonly [string, Span])[] =>
      name ? [[name.text, name.span]] : [],
    ),
  );
  const before: Service[] = [];
  for (const node of nodesOf(root)) {
    if (node.kind === 'service') before.push(node);
    if (node.kind !== 'run' || node.command.image || before.length === 0) continue;
    // What runs on the machine itself may listen anywhere.
    if (before.some(({ command }) => !command.image)) continue;
    const published = before.map(publishedBy);
    // Ports that are known only in the run may be any.
    if (published.includes(undefined)) continue;
    const missing = portsAskedBy(node).find((port) => !published.flat().includes(port));
    const span = spans.get(node.name);
    if (missing === undefined || !span) continue;
    const names = before.map(({ name }) => `'${name}'`).join(', ');
    findings.warning(
      span,
      `step '${node.name}': it asks for port ${missing} at \`localhost\`, and no service before it publishes that`,
      {
        hint: `give the one that has it (${names}) \`portBindings: { "${missing}": "${missing}" }\``,
      },
    );
  }
}

function publishedBy({ command: { container } }: Service): readonly number[] | undefined {
  const ports = (container?.ports ?? []).map((text) => {
    const port = parsePort(known(text) ?? '');
    return port.ok && port.value.outside !== 0 ? port.value.outside : undefined;
  });
  return ports.every((port) => port !== undefined) ? ports : undefined;
}

function portsAskedBy({ command: { run } }: RunStep): readonly number[] {
  if (run.kind !== 'script') return [];
  const text = run.lines.map((line) => (typeof line === 'string' ? line : (known(line) ?? '')));
  const script = text.join('\n');
  // It starts something itself, which may be what it asks.
  if (/(?<![&>|])&(?![&>\d])/.test(script)) return [];
  return [...script.matchAll(/\b(?:localhost|127\.0\.0\.1):(\d{2,5})\b/g)].map(([, port]) =>
    Number(port),
  );
}
