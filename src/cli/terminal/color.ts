import type { Look } from '../../report/look.ts';

/** The environment, as far as it bears on how things are shown. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a person said about colours on the command line, if anything. */
export interface ColorFlags {
  readonly color?: boolean;
}

const colourfulCi = [
  'GITHUB_ACTIONS',
  'GITEA_ACTIONS',
  'GITLAB_CI',
  'CIRCLECI',
  'TRAVIS',
  'APPVEYOR',
  'BUILDKITE',
  'DRONE',
  'WOODPECKER',
  'TEAMCITY_VERSION',
  'TF_BUILD',
];

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';
const isOn = (value: string | undefined): boolean =>
  isSet(value) && value !== '0' && value?.toLowerCase() !== 'false';

/**
 * Whether to use colours: the flag decides, then `NO_COLOR`, then `FORCE_COLOR`, then whether this
 * is a CI service that shows them or a terminal that has them.
 */
export function wantsColor(flags: ColorFlags, env: Environment, isTTY: boolean): boolean {
  if (flags.color !== undefined) return flags.color;
  if (isSet(env['NO_COLOR'])) return false;
  if (env['FORCE_COLOR'] !== undefined)
    return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false';
  if (colourfulCi.some((name) => isOn(env[name]))) return true;
  return isTTY && env['TERM'] !== 'dumb';
}

/** Whether characters beyond ASCII can be shown: when the locale says UTF-8. */
export function wantsUnicode(env: Environment): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(isSet) ?? '';
  return /utf-?8/i.test(locale);
}

/** Whether a picture can be redrawn in place: on a terminal that is wide enough, outside of CI. */
export function wantsLive(env: Environment, port: { isTTY: boolean; columns: number }): boolean {
  return port.isTTY && port.columns >= 20 && env['TERM'] !== 'dumb' && !isOn(env['CI']);
}

/** How things are shown here. */
export function lookOf(flags: ColorFlags, env: Environment, isTTY: boolean): Look {
  return { color: wantsColor(flags, env, isTTY), unicode: wantsUnicode(env) };
}
