import { Badge } from '../look/badge.tsx';
import { Moment } from '../look/moment.tsx';
import { Trouble } from '../look/trouble.tsx';
import { Controls } from './controls.tsx';
import { durationOf } from './run-standing.ts';

import type { RunView } from '../../event/view.ts';
import type { RunStanding } from './run-standing.ts';
import type { Commanding } from './use-command.ts';

export interface RunHeadProps {
  readonly view: RunView;
  readonly standing: RunStanding;
  readonly now: number;
  readonly isOver: boolean;
  readonly commanding: Commanding;
}

/** What a run is called, how it stands, and what can be asked of it. */
export function RunHead({ view, standing, now, isOver, commanding }: RunHeadProps) {
  return (
    <div className="run-head">
      <div className="title">
        <h1>{view.plan.name}</h1>
        <Badge {...standing.badge} />
        <span className="took">{durationOf(view, now)}</span>
      </div>
      <p className="facts">
        run <code>{view.run}</code>, started <Moment at={view.startedAt} now={Date.now()} />, in{' '}
        <code>{view.workspace}</code>
      </p>
      {standing.sentence !== '' && <p className="sentence">{standing.sentence}</p>}
      {!isOver && <Controls view={view} commanding={commanding} />}
      <Trouble refusal={commanding.refused} />
    </div>
  );
}
