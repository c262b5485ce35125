import { isAbsolute, join, posix } from 'node:path';

import { placeVariables } from '../common/place-facts.ts';
import { pathOf } from './find-command.ts';
import { defaultMountPoint, outputsFile, scriptsMount } from './mount-points.ts';
import { volumesFor } from './shared-volumes.ts';

import type { ContainerCreateOptions, MountSettings } from 'dockerode';
import type { TaskPlace } from '../common/place-facts.ts';
import type { CommandSpec, ContainerSpec, Mount, SharedFolder, TaskSpec } from '../executor.ts';

/** What a container is made of besides what its task asks for. */
export interface Surroundings {
  readonly runId: string;
  /** What the container itself is called. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly network: string;
  /** The container whose network it shares, with all that belongs to one. Absent: it has its own. */
  readonly holder?: string;
  /** What it finds at `/etc/hosts`, where the engine must not be left to that. */
  readonly hosts?: HostsFile;
  /** The user's directory, absolute. */
  readonly workspace: string;
  /** A folder of this machine that the engine sees, with the scripts of the tasks. */
  readonly scripts?: string;
  /** What the containers of the sandbox share. */
  readonly volumes: readonly MountedVolume[];
  /** Where the image has its commands looked for. */
  readonly imagePath?: string | undefined;
  /** What `host.docker.internal` stands for. */
  readonly gateway: string;
  /** How the engine keeps the output until it is no longer needed. Absent: as it usually does. */
  readonly logs?: { readonly Type: string; readonly Config: Readonly<Record<string, string>> };
  /** Whether a small init forwards signals and reaps, as process 1. */
  readonly init: boolean;
  /** Ports to be published at any free one of this machine, because nothing else leads to them. */
  readonly publish: readonly number[];
  /** It waits for a word on its input before it becomes the task's command. */
  readonly isHeld: boolean;
}

/** A file of this machine that the engine sees, with names and addresses, and whose view of them that is. */
export interface HostsFile {
  readonly file: string;
  readonly hostName: string;
}

/** A volume of the engine, and the folder that it is. */
export interface MountedVolume {
  readonly name: string;
  readonly folder: SharedFolder;
}

/*
 * Reads one line, which comes when it is the task's turn, and becomes its command. Without a line
 * there is nobody any more who could want it.
 */
const hold = 'IFS= read -r go && exec "$@" </dev/null; exit 125';

/** What is asked of the engine for a task, whose command is known by the words that start it. */
export function toContainer(
  spec: TaskSpec,
  command: StartWords,
  around: Surroundings,
): ContainerCreateOptions {
  const { container = {}, environment, user } = spec;
  const { mountPoint = defaultMountPoint, memoryBytes, cpus } = container;
  const names = namesOf(spec);
  // Else it has no name, no hosts and no ports of its own.
  const hasOwn = around.holder === undefined && around.network !== 'host';
  const ports = hasOwn ? portsOf(container, around.publish) : [];
  const volumes = volumesFor(spec, around.volumes);
  const first = volumes.filter(({ folder }) => folder.onPath).map(({ folder }) => folder.target);
  const isImages = container.startsInImage === true && spec.workingDir === undefined;
  return {
    Image: spec.image!,
    ...(hasOwn && { Hostname: hostNameOf(container.hostname ?? spec.name) }),
    ...(around.hosts && { Hostname: around.hosts.hostName }),
    ...(user !== undefined && { User: user }),
    ...(!isImages && { WorkingDir: posix.resolve(mountPoint, spec.workingDir ?? '.') }),
    Env: Object.entries({
      ...(around.init && { TINI_KILL_PROCESS_GROUP: '1' }),
      ...placeVariables(spec, placeOf(spec, around)),
      ...environment,
      ...(first.length > 0 && { PATH: [...first, pathOf(spec, around.imagePath)].join(':') }),
      CONTINUO_RUN_ID: around.runId,
    }).map(([name, value]) => `${name}=${value}`),
    ...startOf(command, around.isHeld),
    Labels: { ...around.labels },
    // Asked at our own pace, if at all.
    Healthcheck: { Test: ['NONE'] },
    AttachStdin: around.isHeld,
    OpenStdin: around.isHeld,
    StdinOnce: around.isHeld,
    ExposedPorts: Object.fromEntries(ports.map(({ key }) => [key, {}])),
    HostConfig: {
      NetworkMode: around.holder === undefined ? around.network : `container:${around.holder}`,
      Mounts: mountsOf(container, mountPoint, volumes, around),
      PortBindings: bindings(ports),
      ...(container.privileged === true && { Privileged: true }),
      // No swap beside it, so that too much is too much at once.
      ...(memoryBytes !== undefined && { Memory: memoryBytes, MemorySwap: memoryBytes }),
      ...(cpus !== undefined && { NanoCpus: Math.round(cpus * 1e9) }),
      ...(around.logs && {
        LogConfig: { Type: around.logs.Type, Config: { ...around.logs.Config } },
      }),
      ...(around.init && { Init: true }),
      ...(hasOwn && { ExtraHosts: [`host.docker.internal:${around.gateway}`] }),
    },
    ...(hasOwn && {
      NetworkingConfig: { EndpointsConfig: { [around.network]: { Aliases: names } } },
    }),
  };
}

/** Where a task finds itself in its container. */
export function placeOf(
  { container = {}, workingDir = '.' }: TaskSpec,
  { name, network, volumes }: Pick<Surroundings, 'name' | 'network' | 'volumes'>,
): TaskPlace {
  const { mountPoint = defaultMountPoint } = container;
  return {
    container: name,
    network,
    workspace: mountPoint,
    workingDir: posix.resolve(mountPoint, workingDir),
    folders: new Map(volumes.map(({ folder }) => [folder.name, folder.target])),
    outputs: outputsFile,
  };
}

/** The words that a container starts with, or what its image has, with arguments of the task. */
export type StartWords =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'image'; readonly arguments?: readonly string[] };

/** The words for a task's command, whose script was put under `script` in the container. */
export function startWords(run: CommandSpec, script: string | undefined): StartWords {
  switch (run.kind) {
    case 'argv':
      return { kind: 'words', words: run.argv };
    case 'script':
      return { kind: 'words', words: [...run.interpreter, script ?? ''] };
    case 'image':
      return run;
  }
}

function startOf(
  command: StartWords,
  isHeld: boolean,
): Pick<ContainerCreateOptions, 'Entrypoint' | 'Cmd'> {
  if (command.kind === 'image') return command.arguments ? { Cmd: [...command.arguments] } : {};
  const { words } = command;
  return {
    Entrypoint: isHeld ? ['/bin/sh', '-c', hold, 'continuo', ...words] : [...words],
    Cmd: [],
  };
}

/** Every name that the other tasks of the sandbox may call it. */
export function namesOf({ name, container }: TaskSpec): string[] {
  return formsOf([name, ...(container?.aliases ?? []), container?.hostname ?? name]);
}

/** Names as they are written, with dashes, and as machines are called; too long ones only so. */
export function formsOf(written: readonly string[]): string[] {
  const forms = written.flatMap((each) => [each, each.replaceAll('_', '-'), hostNameOf(each)]);
  const canBeAsked = (form: string): boolean =>
    form.split('.').every(({ length }) => length <= mostLetters);
  return [...new Set(forms.filter(canBeAsked))];
}

/** In a part of a name that machines ask one another for. */
const mostLetters = 63;

/**
 * The nearest name that a machine may have (RFC 1123): 63 letters, digits and dashes, perhaps in
 * parts with dots between them, none of which begins or ends with a dash.
 */
export function hostNameOf(name: string): string {
  const near = name.replaceAll(/[^A-Za-z0-9.-]/g, '-').slice(0, mostLetters);
  const parts = near.split('.').map((part) => part.replace(/^-+|-+$/g, ''));
  return parts.filter((part) => part !== '').join('.') || 'task';
}

interface Port {
  readonly key: string;
  readonly outside: string;
  readonly ip: string;
}

/** What publishes ports of a container at any free ones of this machine, for this machine alone. */
export const bindingsFor = (ports: readonly number[]): ReturnType<typeof bindings> =>
  bindings(portsOf({}, ports));

function portsOf({ ports = [] }: ContainerSpec, publish: readonly number[]): readonly Port[] {
  const asked = ports.map(({ own, outside, protocol }) => ({
    key: `${own}/${protocol}`,
    outside: outside === 0 ? '' : String(outside),
    ip: '',
  }));
  const needed = publish
    .map((own) => ({ key: `${own}/tcp`, outside: '', ip: '127.0.0.1' }))
    .filter(({ key }) => !asked.some((port) => port.key === key));
  return [...asked, ...needed];
}

function bindings(ports: readonly Port[]): Record<string, { HostIp?: string; HostPort: string }[]> {
  const all: Record<string, { HostIp?: string; HostPort: string }[]> = {};
  for (const { key, outside, ip } of ports)
    (all[key] ??= []).push({ HostPort: outside, ...(ip !== '' && { HostIp: ip }) });
  return all;
}

const hostsPath = '/etc/hosts';

/** Mounts and not binds: those make a folder where there is none, and it would be root's. */
function mountsOf(
  { volumes = [] }: ContainerSpec,
  mountPoint: string,
  shared: readonly MountedVolume[],
  { workspace, scripts, hosts }: Surroundings,
): MountSettings[] {
  const isTheirs = volumes.some(({ target }) => target === hostsPath);
  return [
    { Type: 'bind', Source: workspace, Target: mountPoint },
    ...(hosts && !isTheirs
      ? [{ Type: 'bind' as const, Source: hosts.file, Target: hostsPath }]
      : []),
    ...(scripts === undefined
      ? []
      : [{ Type: 'bind' as const, Source: scripts, Target: scriptsMount, ReadOnly: true }]),
    ...shared.map(({ name, folder }) => ({
      Type: 'volume' as const,
      Source: name,
      Target: folder.target,
      // Else the engine would fill it with what the image has there.
      VolumeOptions: { NoCopy: true } as MountSettings['VolumeOptions'],
    })),
    ...volumes.map((volume) => {
      const { source, target, readOnly } = volume;
      const isBind = isPath(volume);
      return {
        Type: isBind ? ('bind' as const) : ('volume' as const),
        Source: isBind && !isAbsolute(source) ? join(workspace, source) : source,
        Target: target,
        ReadOnly: readOnly,
      };
    }),
  ];
}

/** Whether a volume is a file or folder of the engine's machine, and not a volume of the engine. */
export const isPath = ({ source }: Mount): boolean =>
  source.startsWith('.') || source.includes('/');
