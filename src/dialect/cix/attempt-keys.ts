import { flag, key } from '../common/values.ts';
import { retry, time } from './quantity-keys.ts';

/** The schemas of how often and how long a step or a group is attempted. */
export const attemptKeys = () => ({
  timeout: key(
    time(),
    'How long each attempt may take. What is still running then is ended, and it has failed.',
    { examples: ['10m', '$$SECONDS'] },
  ),
  retry: key(retry(0), 'Attempts it again when it fails: a group with all that is in it.', {
    examples: [{ iterations: 3, backoff: '2s' }],
  }),
  'continue-on-fail': key(flag(), 'The run goes on when it fails.', { default: false }),
});
