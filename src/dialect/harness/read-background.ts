import { parsePort } from '../../plan/container-text.ts';
import { localPort } from '../../plan/order.ts';
import { toServiceRules } from '../common/to-service.ts';
import { child, keysOf, members, ownerSpan, valueSpan } from '../common/tree.ts';
import { checkSettings } from './check-settings.ts';
import { namedAt } from './named.ts';
import { readOpenShape } from './open-shape.ts';
import { aboutOf } from './place.ts';
import { toReports } from './read-run.ts';
import { levels } from './schema.ts';
import { filledAt } from './texts.ts';
import { toCommand } from './to-command.ts';
import { portsOf } from './to-container.ts';
import { hasImage } from './to-image.ts';
import { toNeeds } from './to-needs.ts';
import { warnUseless } from './to-turn.ts';

import type { Service } from '../../plan/plan.ts';
import type { HeldPort, Named, OutlinePort } from '../common/outline.ts';
import type { Spot } from '../common/tree.ts';
import type { Place } from './place.ts';
import type { Part } from './read-members.ts';
import type { StepSpots } from './read-step.ts';

/** Reads a step that runs in the background: a service. */
export function readBackground({ body, spec, common }: StepSpots, place: Place): Part {
  const { findings, options } = place.reading;
  const keys = readOpenShape(levels.background(), spec, findings, aboutOf(place));
  checkSettings(spec, place);
  checkIgnored(body, spec, place);
  const onExit = keys?.onExit ?? (options.strict === true ? 'fail' : 'ignore');
  const { named, needs } = toNeeds(child(spec, 'needs'), place);
  const rules = keys
    ? toServiceRules({ ...keys, onExit }, child(spec, 'ready'))
    : toServiceRules({ onExit }, undefined);
  const node: Service = {
    kind: 'service',
    ...common,
    command: toCommand(spec, place),
    needs,
    ...rules,
    ...toReports(spec),
  };
  return {
    node,
    outline: {
      kind: 'service',
      name: namedAt(place),
      needs: named,
      ...heldBy(node, spec),
      scope: node.scope,
      sleep: undefined,
    },
  };
}

/** Whatever Harness takes without a word, though nothing comes of it. */
function checkIgnored(body: Spot, spec: Spot, place: Place): void {
  warnUseless(
    body,
    'failureStrategies',
    place,
    'is not for a Background step',
    'what happens when it ends before its time, `onExit` in its `spec` says',
  );
  warnUseless(
    body,
    'timeout',
    place,
    'is not for a Background step',
    'it runs until its stage ends; how long it may take to become ready, `ready: {…, timeout: 30s}` says',
  );
  for (const key of ['outputVariables', 'outputAlias'])
    warnUseless(spec, key, place, 'is not for a Background step', 'a Run step can have outputs');
  if (child(spec, 'entrypoint') && filledAt(spec, 'command') !== undefined)
    warnUseless(
      spec,
      'command',
      place,
      'is dropped, as `entrypoint` is what runs',
      'keep one of the two',
    );
}

/** The ports that it asks for and publishes. */
function heldBy(
  { ready }: Service,
  spec: Spot,
): { ports: readonly OutlinePort[]; held: readonly HeldPort[]; elsewhere: readonly Named[] } {
  const probes = child(spec, 'ready');
  const span = probes && (probes.tree.kind === 'list' ? ownerSpan(probes) : valueSpan(probes));
  const asked = ready.flatMap((probe): readonly OutlinePort[] => {
    const port = localPort(probe);
    return port === undefined || !span ? [] : [{ port, span }];
  });
  const elsewhere = ready.flatMap((probe): readonly Named[] => {
    const isAsked =
      (probe.kind === 'tcp' || probe.kind === 'http') && localPort(probe) === undefined;
    if (!isAsked || !span) return [];
    return [{ text: probe.kind === 'tcp' ? probe.host : new URL(probe.url).hostname, span }];
  });
  if (!hasImage(spec)) {
    const held = asked.map((port) => ({ ...port, protocol: 'tcp', how: 'asked' }) as const);
    return { ports: asked, held, elsewhere };
  }
  const published = portsOf(spec).flatMap((text, at) => {
    const port = parsePort(text);
    const place = spotOfPort(spec, at);
    return port.ok && place ? [{ ...port.value, span: ownerSpan(place) }] : [];
  });
  return {
    ports: [...asked, ...published.map((one) => ({ port: one.own, span: one.span }))],
    held: published
      .filter(({ outside }) => outside !== 0)
      .map(({ outside, protocol, span: where }): HeldPort => {
        return { port: outside, protocol, span: where, how: 'published' };
      }),
    elsewhere,
  };
}

function spotOfPort(spec: Spot, at: number): Spot | undefined {
  const listed = members(child(spec, 'ports'));
  if (listed.length > 0) return listed[at];
  const bindings = child(spec, 'portBindings');
  const key = bindings && keysOf(bindings)[at];
  return key === undefined ? undefined : child(bindings!, key);
}
