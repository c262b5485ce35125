import { fail, ok } from '../../base/result.ts';
import { checkAddresses } from '../common/check-addresses.ts';
import { checkHosts } from '../common/check-hosts.ts';
import { checkNames } from '../common/check-names.ts';
import { checkNeeds } from '../common/check-needs.ts';
import { checkPorts } from '../common/check-ports.ts';
import { checkSleeps } from '../common/check-sleeps.ts';
import { Findings } from '../common/diagnostic.ts';
import { parseYaml } from '../common/parse-yaml.ts';
import { child, ownerSpan, valueSpan } from '../common/tree.ts';
import { checkDialect } from './check-dialect.ts';
import { checkIdentity, identityOf } from './identify.ts';
import { knownTree } from './known.ts';
import { readConnectors } from './connectors.ts';
import { loopsOutside } from './loops.ts';
import { checkOpenShape } from './open-shape.ts';
import { readStages } from './read-stages.ts';
import { levels } from './schema.ts';
import { settle } from './settle.ts';
import { toTimeout } from './to-turn.ts';
import { withInputs } from './with-inputs.ts';
import { withOutcomes } from './with-outcomes.ts';

import type { Result } from '../../base/result.ts';
import type { Plan } from '../../plan/plan.ts';
import type { PipelineFile, PipelineMistakes } from '../common/pipeline-file.ts';
import type { Source } from '../common/source.ts';
import type { Spot } from '../common/tree.ts';
import type { Place, Reading, ReadingOptions } from './place.ts';
import type { StagePart } from './read-stage.ts';
import type { SettleOptions } from './settle.ts';

export interface HarnessOptions extends ReadingOptions, SettleOptions {
  /** What the connectors that it names lead to. Absent: every registry is asked without a name. */
  readonly connectors?: Source;
}

/**
 * Reads a Harness CI pipeline, with the templates it uses and the inputs it wants, as a plan. Never throws,
 * whatever the files hold.
 */
export async function readHarness(
  source: Source,
  options: HarnessOptions = {},
): Promise<Result<PipelineFile, PipelineMistakes>> {
  // That an input cannot wait is found out by whoever needs it.
  const early = new Set<string>();
  for (;;) {
    const before = early.size;
    const read = await readOnce(source, { ...options, early });
    if (early.size === before) return read;
  }
}

async function readOnce(
  source: Source,
  options: HarnessOptions & { readonly early: Set<string> },
): Promise<Result<PipelineFile, PipelineMistakes>> {
  const findings = new Findings(source);
  const written = parseYaml(findings);
  const sources: Source[] = [source];
  let plan: Plan | undefined;
  if (written && checkDialect({ tree: written }, findings)) {
    const settled = await settle(written, findings, options);
    sources.push(...settled.sources);
    const { connectors } = options;
    if (connectors) sources.push(connectors);
    plan = toPlan({ tree: settled.tree }, findings, {
      options,
      late: { written: settled.late, needed: new Map(), owned: new Map(), early: options.early },
    });
  }
  const diagnostics = findings.all();
  return plan && !findings.hasErrors
    ? ok({ plan, warnings: diagnostics, sources })
    : fail({ diagnostics, sources });
}

const needWords = { service: 'a step of type `Background`', whole: 'this stage' };

function toPlan(
  root: Spot,
  findings: Findings,
  { options, late }: Pick<Reading, 'late'> & { readonly options: HarnessOptions },
): Plan {
  const written = child(root, 'pipeline')!;
  const { connectors } = options;
  const reading: Reading = {
    findings,
    pipeline: written,
    options,
    connectors: connectors
      ? readConnectors(findings.because(ownerSpan(written), 'its connectors are there', connectors))
      : new Map(),
    registries: new Map(),
    asked: new Set(),
    loopsOf: loopsOutside(),
    late,
  };
  const place: Place = { reading, levels: [] };
  const pipeline = knownTree(written, place, kept);
  checkOpenShape(levels.pipeline(), pipeline, findings, 'this pipeline');
  checkIdentity(written, 'this pipeline', findings);
  const stages = child(written, 'stages');
  const parts = readStages(stages, place);
  if (parts.length === 0 && !findings.hasErrors)
    findings.error(
      stages ? valueSpan(stages) : ownerSpan(written),
      'this pipeline has no stages, so that there is nothing to do',
    );
  checkStages(parts, findings);
  for (const { outline } of parts) {
    checkNeeds(outline, findings, needWords);
    for (const check of [checkNames, checkAddresses, checkPorts, checkHosts, checkSleeps])
      check(outline, findings);
  }
  const registries = [...reading.registries.values()];
  const { name } = identityOf(written);
  const plan = {
    name,
    stages: parts.map(({ stage }) => stage),
    ...toTimeout(pipeline),
    ...(registries.length > 0 && { registries }),
  };
  return withInputs(withOutcomes(plan, reading.asked), late);
}

/** What is read by and by, or only named by expressions. */
const kept = new Set([
  'stages',
  'variables',
  'properties',
  'description',
  'tags',
  'notificationRules',
  'name',
]);

/** Reports stages of one identifier. */
function checkStages(parts: readonly StagePart[], findings: Findings): void {
  const first = new Map<string, StagePart>();
  for (const part of parts) {
    const { id } = part.stage;
    const earlier = first.get(id);
    if (!earlier) first.set(id, part);
    else if (id !== '')
      findings.error(part.span, `stage '${id}': this identifier is already taken`, {
        hint: 'every stage has an identifier of its own',
        related: [{ message: 'first used by this stage', span: earlier.span }],
      });
  }
}
