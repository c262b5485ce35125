import packageJson from '../../package.json' with { type: 'json' };

/** Continuo's own version. */
export const { version } = packageJson;
