const patterns = [
  /^properties\.ci\.codebase(?:\.|$)/,
  /(?:^|\.)(?:delegateSelectors|notificationRules|description|tags)(?:\.|$)/,
  /\.infrastructure\.spec\.(?!runAsUser)/,
  /\.runtime\.spec\./,
  /\.(?:caching|buildIntelligence|slsa_provenance)\./,
];

/** Whether what stands at a path says nothing to a run on this machine. */
export const isNotNeeded = (path: string): boolean =>
  patterns.some((pattern) => pattern.test(path));
