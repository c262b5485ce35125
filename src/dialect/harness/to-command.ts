import { child } from '../common/tree.ts';
import { shells } from './spec-keys.ts';
import { filledAt, filledText, textAt, textsAt } from './texts.ts';
import { settingAt, toContainer } from './to-container.ts';
import { toEnvironment } from './to-environment.ts';
import { toImage } from './to-image.ts';
import { wordOf } from './values.ts';

import type { Command, Script, Text } from '../../plan/plan.ts';
import type { Spot } from '../common/tree.ts';
import type { Place } from './place.ts';

/** What a step or a service with these settings launches, and what surrounds it. */
export function toCommand(spec: Spot, place: Place): Command {
  const image = toImage(spec, place);
  const user = settingAt(spec, 'runAsUser', place);
  return {
    run: toRun(spec, place),
    environment: toEnvironment(child(spec, 'envVariables'), place),
    ...(image && { image, container: toContainer(spec, place) }),
    ...(image && user !== undefined && { user: [user] }),
  };
}

/** An `entrypoint` leaves nothing of the command; without either, the image decides. */
function toRun(spec: Spot, place: Place): Command['run'] {
  const [first, ...rest] = textsAt(child(spec, 'entrypoint'), place);
  const given = textsAt(child(spec, 'args'), place);
  if (first) return { kind: 'argv', argv: [first, ...rest, ...given] };
  const command = child(spec, 'command');
  if (filledText(command) !== undefined) return toScript(spec, textAt(command, place));
  return { kind: 'image', ...(given.length > 0 && { arguments: given }) };
}

const interpreters = {
  Sh: ['sh'],
  Bash: ['bash'],
  Powershell: ['powershell', '-File'],
  Pwsh: ['pwsh', '-File'],
  Python: ['python3'],
} as const satisfies Record<(typeof shells)[number], readonly [string, ...string[]]>;

function toScript(spec: Spot, text: Text): Script {
  const shell = wordOf(shells, filledAt(spec, 'shell')) ?? 'Sh';
  // A shell of Windows goes on after a command that failed unless it is told.
  const stops = shell === 'Powershell' || shell === 'Pwsh';
  return {
    kind: 'script',
    shell: interpreters[shell],
    lines: [...(stops ? ["$ErrorActionPreference = 'Stop'"] : []), plainly(text)],
    announce: 'minimal',
  };
}

/** A text without holes as the line that it is. */
const plainly = (text: Text): string | Text =>
  text.every((part) => typeof part === 'string') ? text.join('') : text;
