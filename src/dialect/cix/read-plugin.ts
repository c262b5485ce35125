import { basename } from 'node:path';

import { fail, ok } from '../../base/result.ts';
import { Findings } from '../common/diagnostic.ts';
import { parseYaml } from '../common/parse-yaml.ts';
import { readShape } from '../common/shape.ts';
import { child, ownerSpan, textsOf } from '../common/tree.ts';
import { pluginKeyHint, pluginSchema } from './plugin-schema.ts';

import type { Result } from '../../base/result.ts';
import type { Diagnostic } from '../common/diagnostic.ts';
import type { Source } from '../common/source.ts';
import type { Spot } from '../common/tree.ts';

/** What a plugin file stands for: something that makes the text of a pipeline file out of another. */
export interface Plugin {
  /** The name of its file, without the ending. */
  readonly name: string;
  readonly file: string;
  readonly filter: Filter;
}

/** What gets a text on its standard input and gives one on its standard output. */
export type Filter =
  /** A container of the image, with whatever the image itself starts. */
  | { readonly kind: 'image'; readonly image: string }
  /** A command of this machine. */
  | { readonly kind: 'command'; readonly argv: readonly [string, ...string[]] };

/** What a text says as a plugin file, or all that is wrong with it. */
export function toPlugin(source: Source): Result<Plugin, readonly Diagnostic[]> {
  const findings = new Findings(source);
  const filter = readFilter(findings);
  if (!filter || findings.hasErrors) return fail(findings.all());
  const { file } = source;
  return ok({ name: basename(file).replace(/\.(ya?ml|json)$/i, ''), file, filter });
}

function readFilter(findings: Findings): Filter | undefined {
  const tree = parseYaml(findings);
  if (!tree) return undefined;
  const root = { tree };
  const shape = readShape(pluginSchema(), root, findings, 'this plugin', pluginKeyHint);
  const spot = child(root, 'preprocessor');
  if (!shape || !spot) return undefined;
  const { image, command, commands } = shape.preprocessor;
  const ways = { image, command, commands };
  const given = Object.keys(ways).filter((way) => ways[way as keyof typeof ways] !== undefined);
  if (given.length !== 1) {
    refuseWays(given, spot, findings);
    return undefined;
  }
  if (image !== undefined) return { kind: 'image', image };
  // Texts as they are written: `1.10` stays what it is.
  const words = textsOf(child(spot, given[0]!));
  if (commands) return { kind: 'command', argv: ['/bin/sh', '-e', '-c', words.join('\n')] };
  const [first = '', ...rest] = words;
  return { kind: 'command', argv: [first, ...rest] };
}

function refuseWays(given: readonly string[], spot: Spot, findings: Findings): void {
  const [one = '', other] = given;
  if (other === undefined)
    findings.error(ownerSpan(spot), '`preprocessor` says nothing to run', {
      hint: 'give it `image`, or `command` or `commands` of this machine',
    });
  else
    findings.error(
      ownerSpan(child(spot, other)!),
      `\`preprocessor\`: \`${other}\` cannot stand beside \`${one}\``,
      { hint: 'give it one of them; two preprocessors are two plugin files' },
    );
}
