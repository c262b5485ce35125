import { useState } from 'react';

import './tree.css';
import { lostWhile } from '../../report/lost-while.ts';
import { stageWords } from '../../report/outcome-words.ts';
import { Sign } from '../look/badge.tsx';
import { look, standings } from '../look/standing.ts';
import { hrefOf } from '../route.ts';
import { nodeWords } from './node-words.ts';

import type { NodeView, RunView, StageView } from '../../event/view.ts';
import type { Group, Node, Stage } from '../../plan/plan.ts';
import type { NodeWords } from './node-words.ts';

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
          {node.kind === 'group' ? (
            <GroupTree group={node} {...props} />
          ) : (
            <Row id={node.id} {...props} />
          )}
        </li>
      ))}
    </ul>
  );
}

/** A larger group that has succeeded is folded, until somebody wants to see it. */
const manyMembers = 8;

function GroupTree({ group, ...props }: TreeProps & { readonly group: Group }) {
  const { view, now, isOver, selected } = props;
  const [chosen, choose] = useState<boolean>();
  const seen = view.nodes.get(group.id);
  if (seen?.kind !== 'group') return null;
  const isDone = seen.outcome === 'succeeded' && group.members.length > manyMembers;
  const isOpen = chosen ?? (!isDone || hasIn(group, selected));
  const steps = `${group.members.length} inside`;
  return (
    <>
      <button
        type="button"
        className="node fold"
        aria-expanded={isOpen}
        onClick={() => choose(!isOpen)}
      >
        <Inside node={seen} words={nodeWords(seen, view, now, isOver)} more={isOpen ? '' : steps} />
      </button>
      {isOpen && <Members nodes={group.members} {...props} />}
    </>
  );
}

const hasIn = ({ members }: Group, id: string | undefined): boolean =>
  members.some((node) => node.id === id || (node.kind === 'group' && hasIn(node, id)));

function Row({ id, view, now, isOver, selected }: TreeProps & { readonly id: string }) {
  const node = view.nodes.get(id);
  if (!node) return null;
  return (
    <a
      className="node"
      href={hrefOf({ kind: 'run', run: view.run, task: id })}
      aria-current={selected === id ? 'true' : undefined}
    >
      <Inside node={node} words={nodeWords(node, view, now, isOver)} />
    </a>
  );
}

interface InsideProps {
  readonly node: NodeView;
  readonly words: NodeWords;
  readonly more?: string;
}

function Inside({ node, words: { sign, tone, text }, more = '' }: InsideProps) {
  return (
    <>
      <Sign sign={sign} tone={tone} /> <span className="name">{node.name}</span>{' '}
      {node.kind !== 'step' && <span className="kind">{node.kind}</span>}{' '}
      <span className="text">{more === '' ? text : `${text} · ${more}`}</span>
    </>
  );
}
