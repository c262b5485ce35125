import { nothing, unknown, walked } from './scope-values.ts';

import type { Asking } from './scope.ts';
import type { Found, Path } from './scope-values.ts';

/** What the run knows of itself once it is there, by what the run calls it. */
const ofTheRun: Readonly<Record<string, string>> = {
  'pipeline.executionId': 'run:id',
  'pipeline.executionUrl': 'run:url',
  'pipeline.sequenceId': 'run:number',
  'pipeline.runSequenceId': 'run:number',
  'pipeline.startTs': 'run:started',
  'pipeline.triggeredBy.name': 'run:by',
};

const numbers = new Set(['run:number', 'run:started']);
const isNumber = { isNumber: true } as const;

/** What an expression names that is about the run, its codebase and what set it off. */
export function runFacts(path: Path, { place, warn }: Asking): Found {
  const name = path.join('.');
  const { facts } = place.reading.options;
  const fact = facts?.get(name);
  if (fact !== undefined) return { kind: 'value', value: fact };
  const variable = ofTheRun[name];
  if (variable !== undefined)
    return {
      kind: 'expression',
      expression: { kind: 'variable', name: variable, ...(numbers.has(variable) && isNumber) },
    };
  switch (path[0]) {
    case 'codebase':
    case 'trigger':
    case 'approval':
    case 'account':
    case 'variable':
    case 'inputSet':
      warn(`\`${name}\` is not known here, and counts as nothing`);
      return nothing;
    case 'env':
      return unknown(
        name,
        'it would be an environment that is deployed to; variables of the process are for scripts only',
      );
    case 'pipeline':
      return walked(place.reading.pipeline, path.slice(1), 'pipeline');
    default:
      return unknown(name, 'a path begins with `pipeline`, `stage`, `steps`, `matrix` or the like');
  }
}
