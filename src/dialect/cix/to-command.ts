import { parseBytes, parseCpus } from '../common/quantities.ts';
import { child, members, textOf, textsOf } from '../common/tree.ts';
import { toText } from './text.ts';

import type { Command, Container, Script, Text, Variable } from '../../plan/plan.ts';
import type { Spot } from '../common/tree.ts';
import type { WrittenStep } from './schema.ts';

/** What a well-formed `step:` launches, and what surrounds it. */
export function toCommand(step: WrittenStep, spot: Spot): Command {
  const user = textOf(child(spot, 'user'));
  const workingDir = step['working-dir'];
  return {
    run: toRun(step, spot),
    environment: members(child(spot, 'environment')).map(toVariable),
    ...(step.image !== undefined && {
      image: toText(step.image),
      container: toContainer(step),
    }),
    ...(workingDir !== undefined && { workingDir }),
    ...(user !== undefined && { user: toText(user) }),
  };
}

function toRun(step: WrittenStep, spot: Spot): Command['run'] {
  if (step.commands) return toScript(step, spot);
  const given = textsOf(child(spot, 'arguments')).map(toText);
  const [first, ...rest] = [...textsOf(child(spot, 'entrypoint')).map(toText), ...given];
  const isImages = step.image !== undefined && step.entrypoint === undefined;
  if (isImages || first === undefined)
    return { kind: 'image', ...(given.length > 0 && { arguments: given }) };
  return { kind: 'argv', argv: [first, ...rest] };
}

function toScript(step: WrittenStep, spot: Spot): Script {
  const [shell = '/bin/sh', ...options] = (step['commands-shell'] ?? '/bin/sh').trim().split(/\s+/);
  return {
    kind: 'script',
    shell: [shell, ...options],
    lines: textsOf(child(spot, 'commands')),
    announce: step['commands-output'] ?? 'timestamp',
  };
}

const pullOf = {
  Always: 'always',
  IfNotPresent: 'missing',
  Never: 'never',
  Default: 'by-tag',
} as const;

function toContainer(step: WrittenStep): Container {
  const { hostname, ports = [], volumes = [], privileged, memory, cpus } = step;
  const policy = step['pull-policy'];
  const mountPoint = step['workspace-mount-point'] ?? '/cix/src';
  return {
    ...(hostname !== undefined && { hostname: toText(hostname) }),
    ...(ports.length > 0 && { ports: ports.map((port): Text => toText(String(port))) }),
    ...(volumes.length > 0 && { volumes: volumes.map(toText) }),
    ...(privileged !== undefined && { privileged }),
    mountPoint: mountPoint.replace(/\/+$/, ''),
    ...(policy && { pull: pullOf[policy] }),
    ...(memory !== undefined && { memoryBytes: parseBytes(memory)! }),
    ...(cpus !== undefined && { cpus: parseCpus(cpus)! }),
  };
}

/** The variable that a well-formed entry of `environment` stands for. */
export function toVariable(spot: Spot): Variable {
  const name = textOf(child(spot, 'name')) ?? '';
  const value = textOf(child(spot, 'value'));
  const fallback = textOf(child(spot, 'default'));
  return {
    name,
    value: value === undefined ? [{ variable: name }] : toText(value),
    ...(fallback !== undefined && { fallback: toText(fallback) }),
  };
}
