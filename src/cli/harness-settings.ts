/** What the command line says that only pipelines of Harness have. */
export interface HarnessFlags {
  /** `name=value`. */
  readonly input?: readonly string[];
  readonly inputs?: readonly string[];
  readonly templates?: string;
  readonly connectors?: string;
  readonly strict?: boolean;
  readonly skipUnsupported?: boolean;
  readonly workspace?: string;
}

/** The same, as it is read. */
export interface HarnessSettings {
  readonly values: readonly { readonly name: string; readonly value: string }[];
  readonly files: readonly string[];
  readonly templates?: string;
  readonly connectors?: string;
  /** Where the codebase is. Absent: in the current folder. */
  readonly workspace?: string;
  readonly strict: boolean;
  readonly skipUnsupported: boolean;
  /** Stages of pods may run as containers of an engine. */
  readonly podsAsContainers: boolean;
  /** It is to run: what is missing may be asked for on the terminal, and secrets must be given. */
  readonly runs: boolean;
}

/** Wishes of somebody who has none. */
export const noHarness: HarnessSettings = {
  values: [],
  files: [],
  strict: false,
  skipUnsupported: false,
  podsAsContainers: false,
  runs: false,
};

export function toHarnessSettings(
  { input = [], inputs = [], templates, connectors, workspace, ...flags }: HarnessFlags,
  { executor, runs }: { readonly executor?: string | undefined; readonly runs: boolean },
): HarnessSettings {
  return {
    values: input.map(named),
    files: inputs,
    ...(templates !== undefined && { templates }),
    ...(connectors !== undefined && { connectors }),
    ...(workspace !== undefined && { workspace }),
    strict: flags.strict === true,
    skipUnsupported: flags.skipUnsupported === true,
    podsAsContainers: executor === 'docker',
    runs,
  };
}

/** Without a `=`, what is given is nothing. */
function named(written: string): { name: string; value: string } {
  const equals = written.indexOf('=');
  if (equals === -1) return { name: written, value: '' };
  return { name: written.slice(0, equals), value: written.slice(equals + 1) };
}
