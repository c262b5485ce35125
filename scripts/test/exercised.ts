import { readFile } from 'node:fs/promises';

import { exercisable } from '../../test/rig/exercised.ts';

/** Prints what the tests that wrote to `file` had to work with. True when something was missing. */
export async function reportExercised(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const seen = new Set(text.split('\n'));
  const missing = exercisable.filter((name) => !seen.has(name));
  console.log(`exercised: ${exercisable.filter((name) => seen.has(name)).join(', ') || 'nothing'}`);
  if (missing.length > 0) console.log(`not exercised: ${missing.join(', ')}`);
  return missing.length > 0;
}
