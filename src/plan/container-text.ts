import { fail, ok } from '../base/result.ts';

import type { Result } from '../base/result.ts';

/** A port of a container, and where this machine answers for it. */
export interface PortText {
  readonly own: number;
  /** 0: any that is free. */
  readonly outside: number;
  readonly protocol: 'tcp' | 'udp';
}

/** Something of this machine, or a volume, that a container finds at `target`. */
export interface VolumeText {
  readonly source: string;
  /** Absolute. */
  readonly target: string;
  readonly readOnly: boolean;
}

/** Reads `outside:own` or `own`, each perhaps with `/tcp` or `/udp`. The failure says what is wrong. */
export function parsePort(text: string): Result<PortText, string> {
  const match = /^(?:(\d+):)?(\d+)(?:\/(tcp|udp))?$/.exec(text.trim());
  if (!match) return fail('is not `port`, `outside:own` or either with `/udp`');
  const [, outside, own = '', protocol = 'tcp'] = match;
  const port = { own: Number(own), outside: Number(outside ?? own) };
  if (port.own < 1 || port.own > 65_535)
    return fail(`has no port ${own} of a container (1 to 65535)`);
  if (port.outside > 65_535)
    return fail(`has no port ${port.outside} of this machine (0 to 65535)`);
  return ok({ ...port, protocol: protocol as 'tcp' | 'udp' });
}

/** Reads `source:target`, perhaps with `:ro`. The failure says what is wrong. */
export function parseVolume(text: string): Result<VolumeText, string> {
  const [source = '', target = '', mode, ...more] = text.trim().split(':');
  if (source === '' || target === '' || more.length > 0)
    return fail('is not `source:target` or `source:target:ro`');
  if (mode !== undefined && mode !== 'ro' && mode !== 'rw')
    return fail(`has \`${mode}\` where only \`ro\` can stand`);
  if (!target.startsWith('/')) return fail(`has \`${target}\` for a target, which is not absolute`);
  return ok({ source, target, readOnly: mode === 'ro' });
}
