const baselineNames = new Set(
  'PATH HOME USER LOGNAME SHELL LANG TZ TMPDIR TERM'.split(' ') as readonly string[],
);

/** What every task gets from the environment that Continuo was called in. */
export function baseline(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined && (baselineNames.has(name) || name.startsWith('LC_')))
      kept[name] = value;
  return kept;
}
