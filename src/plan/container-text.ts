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
  /** With a slash a place of this machine, relative to the workspace unless absolute; else a volume's name. */
  readonly source: string;
  /** Absolute, without a slash at its end. */
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
  if (source.startsWith('~')) return fail('begins with `~`, which stands for no folder here');
  if (!target.startsWith('/')) return fail(`has \`${target}\` for a target, which is not absolute`);
  if (/^\/+$/.test(target)) return fail('has `/` for a target, which is the whole image');
  const place = /^\.\.?$/.test(source) ? `${source}/` : source;
  if (!place.includes('/') && !/^[a-zA-Z0-9][\w.-]+$/.test(place))
    return fail(
      `has \`${place}\` for the name of a volume: letters, digits, \`_\`, \`.\` and \`-\`, two at least`,
    );
  return ok({ source: place, target: target.replace(/\/+$/, ''), readOnly: mode === 'ro' });
}

/** Reads a name that a machine can have. The failure says what is wrong. */
export function parseHostname(text: string): Result<string, string> {
  if (text.length > 63) return fail('is longer than 63 characters');
  return /^[a-zA-Z0-9]([\w-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([\w-]*[a-zA-Z0-9])?)*$/.test(text)
    ? ok(text)
    : fail('has more in it than letters, digits and, between them, `-`, `_` or `.`');
}

/**
 * Reads a name that containers may call another: one of a machine, or an identifier of any length,
 * which may begin or end with `_`. The failure says what is wrong.
 */
export const parseAlias = (text: string): Result<string, string> =>
  /^\w+$/.test(text) ? ok(text) : parseHostname(text);

/**
 * Reads the name of an image: `redis:7`, `registry.example.com:5000/team/app@sha256:…`. Its first
 * part may be an alias of a registry. The failure says what is wrong.
 */
export function parseImage(text: string): Result<string, string> {
  const [named = '', digest, ...more] = text.split('@');
  if (more.length > 0 || (digest !== undefined && !/^[\w+.-]+:[0-9a-fA-F]{32,}$/.test(digest)))
    return fail('has no digest such as `sha256:…` after its `@`');
  const slash = named.indexOf('/');
  const [first, path] = slash < 0 ? ['', named] : [named.slice(0, slash), named.slice(slash + 1)];
  if (slash >= 0 && !/^([\w.-]+|\[[0-9a-fA-F:]+\])(:\d+)?$/.test(first))
    return fail(`has no registry that can be called \`${first}\``);
  const [, name = '', tag] = /^([^:]*)(?::(.*))?$/s.exec(path) ?? [];
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag))
    return fail(`has no tag after its \`:\`: letters, digits, \`_\`, \`.\` and \`-\`, 128 at most`);
  if (/[A-Z]/.test(name)) return fail(`has upper-case letters in \`${name}\``);
  const part = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
  return new RegExp(`^${part}(/${part})*$`).test(name)
    ? ok(text)
    : fail(`has \`${name}\` where a name such as \`redis\` or \`team/app\` stands`);
}
