import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';

import { fail, ok } from '../../base/result.ts';
import { tokenPath } from '../../server/token.ts';
import { readWhere, serverDirOf } from '../../server/where.ts';
import { stateDirOf } from '../world.ts';

import type { Result } from '../../base/result.ts';
import type { World } from '../world.ts';

/** Which server is asked, and by what it knows us. */
export interface ServerPlace {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string;
  /** It runs on this machine, and sees the files that we see. */
  readonly isHere: boolean;
}

export interface ServerFlags {
  readonly server?: string;
  readonly stateDir?: string;
}

/**
 * The server that is meant: by `--server`, by CONTINUO_SERVER, or else the one of the state folder. The token is
 * CONTINUO_TOKEN, or what the state folder has; that one is shown to no other machine. A failure is a
 * sentence.
 */
export function findServer(
  { server, stateDir }: ServerFlags,
  world: World,
): Result<ServerPlace, string> {
  const serverDir = serverDirOf(stateDirOf(stateDir, world));
  const said = server ?? world.env['CONTINUO_SERVER'];
  const written = said === undefined || said === '' ? undefined : said;
  const url = parse(written ?? readWhere(serverDir)?.url ?? usual);
  if (!url) return fail(`${written ?? ''} is no address of a server: write it as http://HOST:PORT`);
  const isHere = isLoopback(url.hostname);
  const given = world.env['CONTINUO_TOKEN']?.trim();
  const token = given !== undefined && given !== '' ? given : isHere && readToken(serverDir);
  if (token === false || token === undefined)
    return fail(
      `no token for the server at ${url.origin}: set CONTINUO_TOKEN to what is in the file that the server told at its start${
        isHere
          ? ` (it is not in ${tokenPath(serverDir)}); if none runs yet, \`continuo server\` starts one`
          : ''
      }`,
    );
  if (!/^[\x21-\x7e]+$/.test(token))
    return fail('CONTINUO_TOKEN has characters that no token has: see whether it has blanks in it');
  return ok({ url: url.origin, token, isHere });
}

const usual = 'http://127.0.0.1:10030';

function parse(written: string): URL | undefined {
  const text = /^https?:\/\//.test(written) ? written : `http://${written}`;
  const url = URL.parse(text);
  return url && url.pathname === '/' && url.search === '' && url.username === '' ? url : undefined;
}

function readToken(serverDir: string): string | undefined {
  try {
    const token = readFileSync(tokenPath(serverDir), 'utf8').trim();
    return token === '' ? undefined : token;
  } catch {
    return undefined;
  }
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** Whether a host is this machine, as it reaches itself. */
export function isLoopback(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(address);
  return (
    host === 'localhost' ||
    (family !== 0 && loopback.check(address, family === 6 ? 'ipv6' : 'ipv4'))
  );
}
