import './tree.css';
import { stageWords } from '../../report/outcome-words.ts';
import { Sign } from '../look/badge.tsx';
import { look, lostWhile, standings } from '../look/standing.ts';
import { hrefOf } from '../route.ts';
import { nodeWords } from './node-words.ts';

import type { RunView, StageView } from '../../event/view.ts';
import type { Node, Stage } from '../../plan/plan.ts';

export interface TreeProps {
  readonly view: RunView;
  readonly now: number;
  readonly isOver: boolean;
  /** The step or service that is looked at, by its id. */
  readonly selected: string | undefined;
}

/** What a run is made of, and how each of it stands. */
export function Tree(props: TreeProps) {
  const { view } = props;
  const [only, ...more] = view.plan.stages;
  return (
    <nav className="tree" aria-label="Steps and services">
      <a
        className="node all"
        href={hrefOf({ kind: 'run', run: view.run })}
        aria-current={props.selected === undefined ? 'true' : undefined}
      >
        Everything
      </a>
      {only && more.length === 0 ? (
        <Members nodes={only.root.members} {...props} />
      ) : (
        view.plan.stages.map((stage) => <StageTree key={stage.id} stage={stage} {...props} />)
      )}
    </nav>
  );
}

function StageTree({ stage, ...props }: TreeProps & { readonly stage: Stage }) {
  const seen = props.view.stages.get(stage.id);
  return (
    <section aria-label={`stage ${stage.name}`}>
      {seen && <StageHead stage={seen} isOver={props.isOver} />}
      <Members nodes={stage.root.members} {...props} />
    </section>
  );
}

function StageHead({ stage, isOver }: { readonly stage: StageView; readonly isOver: boolean }) {
  const lost = isOver ? lostWhile(stage.state) : undefined;
  const words = stageWords(stage, look);
  const { sign, tone } = lost === undefined ? words : standings.lost;
  const { outcome, notes } = { ...words, ...(lost !== undefined && { outcome: lost }) };
  return (
    <p className="stage">
      <Sign sign={sign} tone={tone} /> <span className="name">{stage.name}</span>{' '}
      <span className="text">{[outcome, ...notes].join(' · ')}</span>
    </p>
  );
}

function Members({ nodes, ...props }: TreeProps & { readonly nodes: readonly Node[] }) {
  return (
    <ul>
      {nodes.map((node) => (
        <li key={node.id}>
          <Row id={node.id} {...props} />
          {node.kind === 'group' && <Members nodes={node.members} {...props} />}
        </li>
      ))}
    </ul>
  );
}

function Row({ id, view, now, isOver, selected }: TreeProps & { readonly id: string }) {
  const node = view.nodes.get(id);
  if (!node) return null;
  const { sign, tone, text } = nodeWords(node, view, now, isOver);
  const inside = (
    <>
      <Sign sign={sign} tone={tone} /> <span className="name">{node.name}</span>{' '}
      {node.kind !== 'step' && <span className="kind">{node.kind}</span>}{' '}
      <span className="text">{text}</span>
    </>
  );
  if (node.kind === 'group') return <p className="node">{inside}</p>;
  return (
    <a
      className="node"
      href={hrefOf({ kind: 'run', run: view.run, task: id })}
      aria-current={selected === id ? 'true' : undefined}
    >
      {inside}
    </a>
  );
}
