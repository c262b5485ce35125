import { text } from 'node:stream/consumers';

import { fail, ok } from '../base/result.ts';
import { variableName } from '../base/variable-name.ts';
import { promptHidden } from './prompt.ts';

import type { Result } from '../base/result.ts';
import type { Variables } from '../expression/fill.ts';
import type { Interrupted } from './prompt.ts';
import type { World } from './world.ts';

/** The ways to give variables and secrets on the command line. */
export interface VariableFlags {
  readonly env?: readonly string[];
  readonly secret?: readonly string[];
  readonly secretStdin?: string;
  readonly secretsStdin?: boolean;
  readonly secretPrompt?: readonly string[];
}

/** What a configuration file gives besides. */
export interface ConfiguredVariables {
  readonly environment: ReadonlyMap<string, string>;
  readonly secrets: ReadonlyMap<string, string>;
  readonly promptedSecrets: readonly string[];
}

export interface GivenVariables {
  /** The caller's environment, the configuration, `-e`, then secrets of the command line: the later ones win. */
  readonly variables: Variables;
  /** Those of them that were given by name: all but the caller's environment. What is secret is in `secrets`. */
  readonly named: {
    readonly variables: ReadonlyMap<string, string>;
    readonly secrets: ReadonlyMap<string, string>;
  };
  /** Values that must never be shown. */
  readonly secrets: readonly string[];
  readonly warnings: readonly string[];
}

/** Gathers what a run's variables are. A failure in words is about wrong usage. */
export async function gatherVariables(
  flags: VariableFlags,
  world: World,
  configured: ConfiguredVariables = unconfigured,
): Promise<Result<GivenVariables, string | Interrupted>> {
  world.veil.hide([...configured.secrets.values()]);
  const plain = named(flags.env ?? [], '-e', world);
  if (!plain.ok) return plain;
  const secret = await gatherSecrets(flags, world);
  if (!secret.ok) return secret;
  const asked = await askFor(configured.promptedSecrets, [...plain.value, ...secret.value], world);
  if (!asked.ok) return asked;
  const inherited = Object.entries(world.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const secrets = [
    ...configured.secrets.values(),
    ...[...secret.value, ...asked.value].map(([, value]) => value),
  ];
  world.veil.hide(secrets);
  const shown = new Set(plain.value.map(([name]) => name));
  const hidden = new Map([
    ...[...configured.secrets].filter(([name]) => !shown.has(name)),
    ...secret.value,
    ...asked.value,
  ]);
  return ok({
    named: {
      variables: new Map(
        [...configured.environment, ...plain.value].filter(([name]) => !hidden.has(name)),
      ),
      secrets: hidden,
    },
    variables: new Map([
      ...inherited,
      ...configured.environment,
      ...configured.secrets,
      ...plain.value,
      ...secret.value,
      ...asked.value,
    ]),
    secrets,
    warnings: (flags.secret ?? [])
      .filter((written) => written.includes('='))
      .map((written) => {
        const name = written.slice(0, written.indexOf('='));
        return `the value of ${name} can be seen in the process list; give \`-s ${name}\` with the value in the environment, or use --secret-stdin`;
      }),
  });
}

type Pair = readonly [name: string, value: string];

const unconfigured: ConfiguredVariables = {
  environment: new Map(),
  secrets: new Map(),
  promptedSecrets: [],
};

/** Asks for what the configuration wants asked for, unless the command line has given it. */
async function askFor(
  names: readonly string[],
  given: readonly Pair[],
  world: World,
): Promise<Result<readonly Pair[], string | Interrupted>> {
  const pairs: Pair[] = [];
  for (const name of new Set(names)) {
    if (given.some(([known]) => known === name)) continue;
    const value = await promptHidden(name, 'prompted-secrets', world);
    if (!value.ok) return value;
    pairs.push([name, value.value]);
  }
  return ok(pairs);
}

async function gatherSecrets(
  flags: VariableFlags,
  world: World,
): Promise<Result<readonly Pair[], string | Interrupted>> {
  if (flags.secretStdin !== undefined && flags.secretsStdin === true) {
    return fail('--secret-stdin and --secrets-stdin both read standard input: use one of them');
  }
  const given = named(flags.secret ?? [], '-s', world);
  if (!given.ok) return given;
  const pairs: Pair[] = [...given.value];
  if (flags.secretStdin !== undefined) {
    const name = checkedName(flags.secretStdin, '--secret-stdin');
    if (!name.ok) return name;
    const value = (await text(world.stdin)).replace(/\r?\n$/, '');
    if (value === '') return fail(`--secret-stdin ${name.value}: standard input is empty`);
    pairs.push([name.value, value]);
  }
  if (flags.secretsStdin === true) {
    const many = parseSecrets(await text(world.stdin));
    if (!many.ok) return many;
    pairs.push(...many.value);
  }
  for (const name of flags.secretPrompt ?? []) {
    const checked = checkedName(name, '--secret-prompt');
    if (!checked.ok) return checked;
    const value = await promptHidden(name, '--secret-prompt', world);
    if (!value.ok) return value;
    pairs.push([name, value.value]);
  }
  return ok(pairs);
}

/** `KEY=VALUE` as it is, `KEY` from the caller's environment. */
function named(
  written: readonly string[],
  flag: string,
  { env }: World,
): Result<readonly Pair[], string> {
  const pairs: Pair[] = [];
  for (const one of written) {
    const equals = one.indexOf('=');
    const name = checkedName(equals === -1 ? one : one.slice(0, equals), flag);
    if (!name.ok) return name;
    const value = equals === -1 ? env[name.value] : one.slice(equals + 1);
    if (value === undefined) {
      return fail(
        `${flag} ${name.value}: the environment has no variable ${name.value}; set it, or write ${flag} ${name.value}=VALUE`,
      );
    }
    pairs.push([name.value, value]);
  }
  return ok(pairs);
}

function parseSecrets(json: string): Result<readonly Pair[], string> {
  const wrong =
    '--secrets-stdin wants a JSON object of texts on standard input, such as {"TOKEN": "abc"}';
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return fail(wrong);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return fail(wrong);
  const pairs: Pair[] = [];
  for (const [key, value] of Object.entries(parsed)) {
    const name = checkedName(key, '--secrets-stdin');
    if (!name.ok) return name;
    if (typeof value !== 'string' || value === '') {
      return fail(`--secrets-stdin: the value of ${key} must be a text that is not empty`);
    }
    pairs.push([key, value]);
  }
  return ok(pairs);
}

function checkedName(name: string, flag: string): Result<string, string> {
  if (variableName.test(name)) return ok(name);
  return fail(`${flag}: '${name}' is no name of a variable: it is empty, or has blanks or = in it`);
}
