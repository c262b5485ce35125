import { quoted } from '../../src/dialect/convert/shell-words.ts';
import { isTask } from '../../src/plan/order.ts';

import type { FailureAction } from '../../src/plan/failure-rules.ts';
import type { Command, Container, Group, Node, Plan, Text, Variable } from '../../src/plan/plan.ts';

/**
 * What a plan comes to when it is carried out, without what each language has around it in its own way: names
 * of groups and what comes before names in them, the words for conditions, where the workspace is found.
 */
export const gistOf = (plan: Plan): unknown => gistOfGroup(rootOf(plan), { prefixes: [] });

function rootOf({ stages, timeoutMs }: Plan): Group {
  const roots = stages.map(({ root, when, timeoutMs: own, id }) => ({
    ...root,
    name: id,
    ...(when && { when }),
    ...(own !== undefined && { timeoutMs: own }),
    members: stages.length === 1 ? root.members : root.members.map(endingWithStage),
  }));
  const rows: Group[][] = [];
  for (const [at, root] of roots.entries())
    if (stages[at]!.beside && rows.length > 0) rows.at(-1)!.push(root);
    else rows.push([root]);
  const [first] = roots;
  const members = rows.map((row) =>
    row.length === 1
      ? row[0]!
      : { ...row[0]!, name: 'row', order: 'parallel' as const, members: row },
  );
  return {
    ...first!,
    name: '',
    ...(timeoutMs !== undefined && { timeoutMs }),
    order: 'serial',
    members,
  };
}

const endingWithStage = (node: Node): Node =>
  node.kind === 'service' ? { ...node, scope: 'group' } : node;

/** What tests give for every variable that must be known. */
export const givenNumber = '2';

type Gist = Record<string, unknown>;

/** What may come before a name. */
interface Prefixed {
  readonly prefixes: readonly string[];
}

function gistOfGroup(group: Group, known: Prefixed): Gist {
  const { members, order, atOnce } = group;
  const own = turnOf(group);
  const prefix = `${toWord(group.name)}_`;
  const inside: Prefixed = {
    prefixes: [...known.prefixes.map((one) => one + prefix), prefix],
  };
  const [only, ...more] = members;
  const effective = atOnce === 1 ? 'serial' : order;
  const gists = members.flatMap((member) => {
    const gist = member.kind === 'group' ? gistOfGroup(member, inside) : gistOfStep(member, inside);
    const isNothing = gist['members'] !== undefined && (gist['members'] as unknown[]).length === 0;
    const inner = gist['members'] as unknown[] | undefined;
    const isSplice =
      Object.keys(gist).length === 2 && (effective === gist['order'] || inner?.length === 1);
    return isNothing ? [] : isSplice ? (gist['members'] as Gist[]) : [gist];
  });
  // A group around nothing but a group is no more than that.
  if (
    only?.kind === 'group' &&
    more.length === 0 &&
    gists.length === 1 &&
    gists[0]!['members'] !== undefined
  )
    return { ...gists[0], ...own };
  return { order: gists.length < 2 ? 'serial' : effective, members: gists, ...own };
}

/** Copies are counted from 0 in one language, and from 1 in the other. */
const toWord = (name: string): string =>
  name
    .replaceAll(/\W/g, '_')
    .replace(/^(?=\d)/, '_')
    .replaceAll(/_\d+(?=_|$)/g, '');

function gistOfStep(node: Exclude<Node, Group>, { prefixes }: Prefixed): Gist {
  const name = toWord(node.name);
  const bare =
    [...prefixes].sort((a, b) => b.length - a.length).find((one) => name.startsWith(one)) ?? '';
  const gist: Gist = {
    name: name.slice(bare.length),
    ...turnOf(node),
  };
  if (node.kind === 'wait')
    return { ...gist, shell: 'sh', script: `sleep ${node.durationMs / 1_000}`, environment: {} };
  if (!isTask(node)) return { ...gist, kind: node.kind };
  const command = gistOfCommand(node.command, node.kind === 'run');
  if (node.kind === 'run') return { ...gist, ...command };
  const { ready, onExit, stop, scope } = node;
  return { ...gist, ...command, ready, onExit, stop, scope };
}

function turnOf(node: Node): Gist {
  const timeoutMs = 'timeoutMs' in node ? node.timeoutMs : undefined;
  return { ...(timeoutMs !== undefined && { timeoutMs }), ...attemptsOf(node) };
}

function attemptsOf(node: Node): Gist {
  if (node.kind === 'service' || node.kind === 'approval') return {};
  const gist: Gist = {};
  const { retry, continueOnFail, onFailure } = node;
  if (retry && retry.attempts !== 1) gist['retry'] = [retry.attempts, retry.backoffMs];
  if (continueOnFail === true) gist['ignored'] = true;
  // In Harness, a step says that the group around it is tried again.
  if (node.kind === 'group')
    for (const member of node.members) {
      const again = member.kind === 'run' ? member.onFailure?.[0] : undefined;
      if (again?.action.kind === 'retry-group')
        gist['retry'] = [again.action.times + 1, again.action.delaysMs[0] ?? 0];
    }
  let action: FailureAction | undefined = onFailure?.find(({ on }) => on === undefined)?.action;
  while (action) {
    if (action.kind === 'retry') gist['retry'] = [action.times + 1, action.delaysMs[0] ?? 0];
    if (action.kind === 'ignore' || action.kind === 'succeed') gist['ignored'] = true;
    action = 'then' in action && action.kind !== 'retry-group' ? action.then : undefined;
  }
  return gist;
}

function gistOfCommand(
  { run, environment, image, container, user, workingDir }: Command,
  isStep: boolean,
): Gist {
  const put: Variable[] = [];
  const variables = [...environment];
  const gist: Gist = {
    ...(image && { image: textOf(image), ...gistOfContainer(container ?? {}) }),
  };
  if (user && textOf(user) !== '') gist['user'] = textOf(user);
  if (run.kind === 'script') {
    const lines = run.lines.map((line) =>
      [line]
        .flat()
        .map((piece) => {
          if (typeof piece === 'string') return piece;
          const name = 'variable' in piece ? piece.variable.replaceAll(/\W/g, '_') : '?';
          put.push({ name, value: [{ variable: name }] });
          return `\${${name}}`;
        })
        .join(''),
    );
    const [program, ...options] = run.shell;
    const set = options.filter((option) => /^-[eux]$/.test(option));
    gist['shell'] = [program.replace(/^(\/usr)?\/bin\//, ''), ...options.slice(set.length)].join(
      ' ',
    );
    gist['script'] = [
      ...set.map((option) => `set ${option}`),
      ...(workingDir === undefined ? [] : [`cd ${workingDir}`]),
      ...lines,
    ]
      .join('\n')
      .trimEnd();
  } else {
    const words = run.kind === 'argv' ? run.argv : (run.arguments ?? []);
    if (isStep && words.length > 0 && (run.kind === 'argv' || !image)) {
      gist['shell'] = 'sh';
      gist['script'] = words.map((word) => quoted(textOf(word))).join(' ');
    } else gist['words'] = [run.kind, ...words.map(textOf)];
  }
  const told = [...variables, ...put].map(({ name, value }) => [name, textOf(value)] as const);
  // What every step gets in one language, it is given by name in the other.
  const named = told.filter(
    ([name, text]) =>
      text !== `$$${name}` &&
      text !== givenNumber &&
      !/^(HARNESS_\w+_(INDEX|TOTAL)|CIX_\w+)$/.test(name),
  );
  gist['environment'] = Object.fromEntries([...named].sort(([a], [b]) => (a < b ? -1 : 1)));
  return gist;
}

function gistOfContainer({ ports, volumes, privileged, pull, memoryBytes, cpus }: Container): Gist {
  return {
    ...(ports && {
      ports: ports
        .map(textOf)
        .map((port) => (port.includes(':') ? port : `${port.split('/')[0]!}:${port}`))
        .sort(),
    }),
    ...(volumes && { volumes: volumes.map(textOf) }),
    ...(privileged === true && { privileged }),
    ...(pull !== undefined && pull !== 'by-tag' && { pull }),
    ...(memoryBytes !== undefined && { memoryBytes }),
    ...(cpus !== undefined && { cpus }),
  };
}

const textOf = (text: Text): string =>
  text
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      return 'variable' in piece ? `$$${piece.variable.replaceAll(/\W/g, '_')}` : '$$?';
    })
    .join('');
