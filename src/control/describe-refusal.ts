import { nearest } from '../dialect/common/nearest.ts';
import { listed } from '../report/describe.ts';

import type { ControlRefusal } from './message.ts';
import type { Unreached } from './send-command.ts';

/** Why a run does not do what it was asked, to follow its id. */
export function describeRefusal(refusal: ControlRefusal | Unreached): string {
  switch (refusal.kind) {
    case 'run-over':
      return 'has ended';
    case 'run-ending':
      return 'is ending: nothing else of it begins';
    case 'not-paused':
      return 'is not paused';
    case 'unknown-step': {
      const near = nearest(refusal.step, refusal.known);
      const hint =
        near === undefined ? `there are ${listed(refusal.known)}` : `did you mean ${near}?`;
      return `has no step, service or group '${refusal.step}'; ${hint}`;
    }
    case 'step-over':
      return `is past '${refusal.step}' already`;
    case 'not-asked': {
      const names = refusal.asking.map((name) => `'${name}'`);
      const others = names.length === 0 ? '' : `, but for ${listed(names)}`;
      return refusal.wanted === 'answer'
        ? `asks nothing at '${refusal.step}'${names.length === 0 ? '' : `, but at ${listed(names)}`}`
        : `does not wait for an approval of '${refusal.step}'${others}`;
    }
    case 'bad-answer':
      return `does not take the answer: ${refusal.detail}`;
    case 'not-understood':
      return `does not understand that (is it of another version?): ${refusal.detail}`;
    case 'nobody-listens':
      return 'takes no commands: nobody listens in its folder';
    case 'being-read':
      return 'is being read still: ask again once that is done, or end it by `kill`';
    case 'unreached':
      return `cannot be reached: ${refusal.detail}`;
    default:
      return refusal satisfies never;
  }
}
