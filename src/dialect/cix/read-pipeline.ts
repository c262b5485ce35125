import { basename } from 'node:path';

import { fail, ok } from '../../base/result.ts';
import { checkAddresses } from '../common/check-addresses.ts';
import { checkHosts } from '../common/check-hosts.ts';
import { checkNames } from '../common/check-names.ts';
import { checkNeeds } from '../common/check-needs.ts';
import { checkPorts } from '../common/check-ports.ts';
import { checkSleeps } from '../common/check-sleeps.ts';
import { Findings } from '../common/diagnostic.ts';
import { parseYaml } from '../common/parse-yaml.ts';
import { readSource } from '../common/read-source.ts';
import { readShape } from '../common/shape.ts';
import { child, members } from '../common/tree.ts';
import { pipelineKeyHint } from './key-hints.ts';
import { readGroup } from './read-items.ts';
import { readRegistries } from './read-registries.ts';
import { levels } from './schema.ts';
import { around } from './around.ts';

import type { Result } from '../../base/result.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Diagnostic } from '../common/diagnostic.ts';
import type { ReadBytes } from '../common/read-source.ts';
import type { Source } from '../common/source.ts';

/** A pipeline file without a mistake: what will be done, and what its author should know. */
export interface PipelineFile {
  readonly plan: Plan;
  readonly warnings: readonly Diagnostic[];
  readonly source: Source;
}

/** A pipeline file with mistakes: all of them. The source is absent when it cannot be read. */
export interface PipelineMistakes {
  readonly diagnostics: readonly Diagnostic[];
  readonly source?: Source;
}

/** Reads a CIX 2.1 pipeline as a plan of one stage. Never throws, whatever the file holds. */
export async function readPipeline(
  file: string,
  read?: ReadBytes,
): Promise<Result<PipelineFile, PipelineMistakes>> {
  const source = await readSource(file, read);
  return source.ok ? toPlan(source.value) : fail({ diagnostics: [source.failure] });
}

/** What a text says as a pipeline. Pure. */
export function toPlan(source: Source): Result<PipelineFile, PipelineMistakes> {
  const findings = new Findings(source);
  const plan = readPlan(findings);
  const diagnostics = findings.all();
  return plan && !findings.hasErrors
    ? ok({ plan, warnings: diagnostics, source })
    : fail({ diagnostics, source });
}

function readPlan(findings: Findings): Plan | undefined {
  const tree = parseYaml(findings);
  if (!tree) return undefined;
  const root = { tree };
  readShape(levels().pipeline, root, findings, 'this file', pipelineKeyHint);
  const registries = readRegistries(child(root, 'registry'), findings);
  const { file } = findings.source;
  const { outline, node } = readGroup(
    {
      name: undefined,
      parallel: false,
      items: members(child(root, 'pipeline')),
      where: { file, line: 1, column: 1 },
    },
    findings,
  );
  checkNames(outline, findings);
  checkAddresses(outline, findings);
  checkNeeds(outline, findings);
  checkPorts(outline, findings);
  checkHosts(outline, findings);
  checkSleeps(outline, findings);
  const name = basename(file).replace(/\.ya?ml$/i, '');
  return (
    node && {
      name,
      stages: [{ id: 'main', name, root: { ...node, id: '(root)', name }, around }],
      ...(registries.length > 0 && { registries }),
    }
  );
}
