import { lookOf, wantsLive } from './color.ts';
import { jsonReporter } from './json-reporter.ts';
import { plainReporter } from './plain-reporter.ts';
import { openPort } from './port.ts';

import type { ColorFlags, Environment } from './color.ts';
import type { TextStream } from './port.ts';
import type { Reporter } from './reporter.ts';

/** `auto` is `live` on a terminal that can show it, and `plain` everywhere else. */
export type Format = 'auto' | 'live' | 'plain' | 'json';

export interface Wish {
  readonly format: Format;
  /** Usually `process.stdout`. */
  readonly stream: TextStream;
  readonly env: Environment;
  readonly flags: ColorFlags;
}

/** The reporter that fits the wish and the place where it writes. */
export function reporterFor({ format, stream, env, flags }: Wish): Reporter {
  const port = openPort(stream);
  const look = lookOf(flags, env, port.isTTY);
  if (format === 'json') return jsonReporter(port);
  if (format === 'plain' || !wantsLive(env, port)) return plainReporter(port, look);
  return plainReporter(port, look);
}
