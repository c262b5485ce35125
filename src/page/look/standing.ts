import { signsOf } from '../../report/look.ts';

import type { Standing } from '../api/wire.ts';
import type { BadgeProps } from './badge.tsx';

/** The characters that states are shown by. */
export const look = { color: false, unicode: true } as const;

const signs = signsOf(look);

/** Every way in which a run may stand, the order that a list offers them in. */
export const standings: Readonly<Record<Standing, BadgeProps>> = {
  starting: { sign: signs.waiting, tone: 'busy', word: 'starting' },
  loaded: { sign: '‖', tone: 'warn', word: 'loaded' },
  running: { sign: signs.running, tone: 'busy', word: 'running' },
  succeeded: { sign: signs.good, tone: 'good', word: 'succeeded' },
  failed: { sign: signs.bad, tone: 'bad', word: 'failed' },
  cancelled: { sign: signs.skipped, tone: 'warn', word: 'cancelled' },
  lost: { sign: '?', tone: 'bad', word: 'lost' },
};

/** A run that is paused: it runs, and begins nothing. */
export const pausedBadge: BadgeProps = { sign: '‖', tone: 'warn', word: 'paused' };
