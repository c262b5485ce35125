import { parsePort } from '../../plan/container-text.ts';
import { brief } from '../common/brief.ts';
import { child, keysOf, members, ownerSpan, textOf, valueSpan } from '../common/tree.ts';
import { aboutOf } from './place.ts';
import { portsOf } from './to-container.ts';
import { filledAt } from './texts.ts';
import { hasImage } from './to-image.ts';
import { warnUseless } from './to-turn.ts';

import type { Spot } from '../common/tree.ts';
import type { Place } from './place.ts';

/** Reports what is wrong with the settings of a command beyond the shape of its single keys. */
export function checkSettings(spec: Spot, place: Place): void {
  if (spec.tree.kind !== 'map') return;
  if (place.stage?.isPod === true) checkInPod(spec, place);
  else if (!hasImage(spec)) checkOnHost(spec, place);
  else if (!child(spec, 'entrypoint') && filledAt(spec, 'command') === undefined)
    warnUseless(spec, 'shell', place, 'says nothing without a `command`');
  checkPorts(spec, place);
  const resources = child(spec, 'resources');
  if (resources)
    warnUseless(resources, 'requests', place, 'says nothing here: only `limits` counts');
}

/** In a pod everything is a container, and all of them share its ports. */
function checkInPod(spec: Spot, place: Place): void {
  const { findings } = place.reading;
  for (const key of ['image', 'connectorRef'])
    if (filledAt(spec, key) === undefined || (key === 'image' && !hasImage(spec)))
      findings.error(
        ownerSpan(child(spec, key) ?? spec),
        `${aboutOf(place)}: \`${key}\` cannot be empty in a stage on Kubernetes`,
        { hint: 'every step is a container of the pod there' },
      );
  for (const key of ['portBindings', 'ports']) {
    const ports = child(spec, key);
    if (ports && (keysOf(ports).length > 0 || members(ports).length > 0))
      findings.error(
        ownerSpan(ports),
        `${aboutOf(place)}: \`${key}\` must be empty in a stage on Kubernetes`,
        { hint: 'all containers of the pod find each other at `localhost`, each at its own port' },
      );
  }
}

const onlyInContainers: ReadonlySet<string> = new Set([
  'connectorRef',
  'privileged',
  'runAsUser',
  'imagePullPolicy',
  'resources',
  'portBindings',
  'ports',
  'networkAliases',
]);

function checkOnHost(spec: Spot, place: Place): void {
  for (const key of keysOf(spec))
    if (onlyInContainers.has(key))
      warnUseless(spec, key, place, 'says nothing without an `image`', 'it runs on this machine');
  const hasWork = filledAt(spec, 'command') !== undefined || child(spec, 'entrypoint');
  if (!hasWork)
    place.reading.findings.error(ownerSpan(spec), `${aboutOf(place)}: it has nothing to do`, {
      hint: 'give it a `command`, or an `image` that starts something by itself',
    });
}

function checkPorts(spec: Spot, place: Place): void {
  const bindings = child(spec, 'portBindings');
  const spots = bindings ? keysOf(bindings).map((key) => child(bindings, key)!) : [];
  for (const [at, text] of portsOf(spec).entries()) {
    const spot = spots[at] ?? members(child(spec, 'ports'))[at];
    const port = parsePort(text);
    if (!port.ok && spot && textOf(spot) !== undefined)
      place.reading.findings.error(
        spots[at] ? ownerSpan(spot) : valueSpan(spot),
        `${aboutOf(place)}: \`${brief(text)}\` ${port.failure}`,
        { hint: 'a port of this machine, and the port of the container behind it' },
      );
  }
}
