import { fail, ok } from '../../base/result.ts';
import { nodesOf } from '../../plan/order.ts';
import { checkAddresses } from '../common/check-addresses.ts';
import { checkHosts } from '../common/check-hosts.ts';
import { checkNames } from '../common/check-names.ts';
import { checkNeeds } from '../common/check-needs.ts';
import { checkPorts } from '../common/check-ports.ts';
import { checkSleeps } from '../common/check-sleeps.ts';
import { Findings } from '../common/diagnostic.ts';
import { readSource } from '../common/read-source.ts';
import { readShape } from '../common/shape.ts';
import { child, members } from '../common/tree.ts';
import { lastName } from './imports-places.ts';
import { Holdings } from './imports-holding.ts';
import { loadAlone, loadImports } from './imports-load.ts';
import { shownSource } from './imports-shown.ts';
import { withoutTwins } from './imports-twice.ts';
import { pipelineKeyHint } from './key-hints.ts';
import { readGroup } from './read-items.ts';
import { levels } from './schema.ts';
import { around } from './around.ts';

import type { Result } from '../../base/result.ts';
import type { Group, Plan } from '../../plan/plan.ts';
import type { PipelineFile, PipelineMistakes } from '../common/pipeline-file.ts';
import type { ReadSource } from '../common/read-source.ts';
import type { Source } from '../common/source.ts';
import type { Variables } from './imports-places.ts';
import type { Loaded } from './imports-load.ts';

export interface ReadPipelineOptions {
  /** Gives the file and every one that it imports. Without it, files of this machine are read. */
  readonly read?: ReadSource;
  /** Tell where imports are. */
  readonly variables?: Variables;
}

/**
 * Reads a CIX 2.1 pipeline, and what it imports, as a plan of one stage. Never throws, whatever the
 * files hold.
 */
export async function readPipeline(
  at: string,
  { read = ({ at: file }) => readSource(file), variables = new Map() }: ReadPipelineOptions = {},
): Promise<Result<PipelineFile, PipelineMistakes>> {
  const wanted = { at };
  const source = await read(wanted);
  if (!source.ok) return fail({ diagnostics: [source.failure], sources: [] });
  const file = loadAlone(wanted, source.value, new Findings(source.value), variables);
  return toPlanOfAll(await loadImports(file, { read, variables }));
}

/** What a text says as a pipeline, without what it imports. Pure. */
export function toPlan(
  source: Source,
  variables: Variables = new Map(),
): Result<PipelineFile, PipelineMistakes> {
  const first = loadAlone({ at: source.file }, source, new Findings(source), variables);
  return toPlanOfAll({ first, files: [first], fileOf: () => undefined });
}

const needWords = { service: 'a step with `background: true`', whole: 'this file' };

function toPlanOfAll(loaded: Loaded): Result<PipelineFile, PipelineMistakes> {
  const { findings } = loaded.first;
  const plan = readPlan(loaded);
  const diagnostics = findings.all();
  const sources = loaded.files.map(shownSource);
  return plan && !findings.hasErrors
    ? ok({ plan, warnings: diagnostics, sources })
    : fail({ diagnostics, sources });
}

function readPlan(loaded: Loaded): Plan | undefined {
  const { findings, root, wanted } = loaded.first;
  if (!root) return undefined;
  readShape(levels().pipeline, root, findings, 'this file', pipelineKeyHint);
  const holdings = new Holdings(loaded);
  const registries = holdings.registries();
  const { file } = findings.source;
  const { outline: written, node } = readGroup(
    {
      name: undefined,
      parallel: false,
      items: members(child(root, 'pipeline')),
      where: { file, line: 1, column: 1 },
    },
    findings,
    holdings.importsOf(loaded.first),
  );
  holdings.readTheRest();
  const outline = withoutTwins(written, findings);
  checkNames(outline, findings);
  checkAddresses(outline, findings);
  checkNeeds(outline, findings, needWords);
  checkPorts(outline, findings);
  checkHosts(outline, findings);
  checkSleeps(outline, findings);
  const name = lastName(wanted.at).replace(/\.ya?ml$/i, '');
  return (
    node && {
      name,
      stages: [{ id: 'main', name, root: { ...withOwnIds(node), id: '(root)', name }, around }],
      ...(registries.length > 0 && { registries }),
    }
  );
}

/** The same with an id for each group that is no step's or service's, whatever the group is called. */
function withOwnIds(root: Group): Group {
  const tasks = new Set([...nodesOf(root)].flatMap(({ kind, id }) => (kind === 'group' ? [] : id)));
  const renamed = (group: Group): Group => ({
    ...group,
    id: tasks.has(group.id) ? `${group.id} (group)` : group.id,
    members: group.members.map((member) => (member.kind === 'group' ? renamed(member) : member)),
  });
  return renamed(root);
}
