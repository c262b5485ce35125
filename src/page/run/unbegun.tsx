import { useEffect, useState } from 'react';

import { askJson } from '../api/ask.ts';
import { runPath } from '../api/wire.ts';
import { Badge } from '../look/badge.tsx';
import { standings } from '../look/standing.ts';
import { Trouble } from '../look/trouble.tsx';
import { hrefOf } from '../route.ts';
import { KillButton } from './kill-button.tsx';

import type { ListedRun } from '../api/wire.ts';
import type { Commanding } from './use-command.ts';

export interface UnbegunProps {
  readonly run: ListedRun;
  readonly commanding: Commanding;
}

/** A run of which nothing has been read yet: what it waits for, and what can be asked of it. */
export function Unbegun({ run, commanding }: UnbegunProps) {
  const { id, pipeline, after, outcome } = run;
  const isLoaded = outcome === 'loaded';
  return (
    <div className="run-head">
      <div className="title">
        <h1>{pipeline || 'a run without a name'}</h1>
        <Badge {...standings[outcome]} />
      </div>
      <p className="facts">
        run <code>{id}</code>
      </p>
      <p className="sentence" role="status">
        {isLoaded ? 'Nothing of it has begun.' : 'Its files are being read.'}{' '}
        {after !== undefined && (
          <>
            It begins after <a href={hrefOf({ kind: 'run', run: after })}>{after}</a>.
          </>
        )}
      </p>
      <div className="controls" role="group" aria-label="What the run shall do">
        {isLoaded && (
          <button
            className="main"
            disabled={commanding.isBusy}
            onClick={() => commanding.send({ do: 'resume', to: 'all' })}
          >
            Begin now
          </button>
        )}
        <KillButton isEnding={false} commanding={commanding} />
      </div>
      <Trouble refusal={commanding.refused} />
    </div>
  );
}

const isUnbegun = ({ outcome }: ListedRun): boolean =>
  outcome === 'loaded' || outcome === 'starting';

const firstMs = 300;
const everyMs = 1_500;

/** A run that is loaded or being read, for as long as nothing is told of it. */
export function useUnbegun(run: string, isTold: boolean): ListedRun | undefined {
  const [found, setFound] = useState<ListedRun>();
  useEffect(() => {
    if (isTold) return;
    const life = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      const asked = await askJson<ListedRun>(runPath(run), { signal: life.signal });
      if (life.signal.aborted) return;
      setFound(asked.ok && isUnbegun(asked.value) ? asked.value : undefined);
      timer = setTimeout(again, everyMs);
    };
    // It rejects only when nobody wants to know any more.
    const again = (): void => void look().catch(() => undefined);
    // Most runs have begun, and tell so at once.
    timer = setTimeout(again, firstMs);
    return () => {
      life.abort();
      clearTimeout(timer);
    };
  }, [run, isTold]);
  return isTold ? undefined : found;
}
