import { isAborted, unlessAborted } from '../base/abort.ts';
import { isAddress } from '../base/is-address.ts';
import { servedBy } from '../dialect/cix/around.ts';
import { atPlace } from '../dialect/common/at-place.ts';
import { isOnlyMissing } from '../dialect/common/diagnostic.ts';
import { secretItems } from '../expression/secret-items.ts';
import { cleanLine } from '../report/clean.ts';
import { listed } from '../report/describe.ts';
import { breaksOf, unknownBreaks } from './breaks.ts';
import { ChainFiles } from './chain-files.ts';
import { complain, warn } from './complain.ts';
import { missingPlace, needsEngine, openExecutors, refusals } from './executors.ts';
import { codeOfMistakes, exitCode, exitCodeOfSignal } from './exit-code.ts';
import { unknownAnswers } from './given-answers.ts';
import { preparePlan } from './prepare-plan.ts';
import { runPlan } from './run-plan.ts';
import { tellDiagnostics } from './tell-diagnostics.ts';
import { openLogFiles } from './terminal/log-files.ts';
import { tidyUp } from './tidy-up.ts';
import { wishMistakes } from './wish-mistakes.ts';
import { leasesDirOf } from './world.ts';

import type { Result } from '../base/result.ts';
import type { Diagnostic } from '../dialect/common/diagnostic.ts';
import type { Ask } from '../engine/ask-person.ts';
import type { Plan } from '../plan/plan.ts';
import type { Link } from './chain.ts';
import type { ExecFlags } from './commands/exec.ts';
import type { Executors } from './executors.ts';
import type { Reading } from './open-reading.ts';
import type { ReadPipelines } from './read-pipelines.ts';
import type { Turn } from './run-chain.ts';
import type { RunParts } from './run-plan.ts';
import type { Settings } from './settings.ts';
import type { Show, ShowQueue } from './show.ts';
import type { World } from './world.ts';

/** What the files of a chain have in common. */
export interface LinkWorld {
  readonly settings: Settings;
  readonly reading: Reading;
  readonly workspace: string;
  readonly stateDir: string;
  readonly show: Show;
  readonly queue: ShowQueue;
  /** How a run asks a person. */
  readonly ask: Ask;
  readonly askPause: RunParts['askPause'];
  readonly flags: ExecFlags;
  readonly world: World;
}

/** Checks the files of a chain before anything runs, and runs each when it is its turn. */
export class LinkRunner {
  readonly #in: LinkWorld;
  readonly #files: ChainFiles;
  readonly #told = new Set<string>();
  #executors: Result<Executors, string> | undefined;
  #hasRun = false;
  /** Aborts when what is being read is not wanted any more. */
  #signal = AbortSignal.abort();

  constructor(linkWorld: LinkWorld) {
    this.#in = linkWorld;
    const { settings, world } = linkWorld;
    this.#files = new ChainFiles(settings.links, world.cwd, (file) => this.#read(file));
  }

  /**
   * Tells all that is wrong with the files that are there; answers the exit codes of those. Nothing
   * is known to be wrong when `signal` aborts meanwhile.
   */
  async check(signal: AbortSignal): Promise<ReadonlyMap<Link, number>> {
    this.#signal = signal;
    try {
      return await this.#check();
    } catch (error) {
      if (!isAborted(signal)) throw error;
      return new Map();
    }
  }

  async #check(): Promise<ReadonlyMap<Link, number>> {
    const { links } = this.#in.settings;
    const reads = await this.#files.atStart();
    const readied = links.flatMap((link, index) => {
      const read = reads.get(link.file);
      // What it imports may be written by then, as the file itself may.
      if (!read || (index > 0 && isUnwritten(read))) return [];
      return [{ link, read, ...this.#prepare(link, read) }];
    });
    this.#tell(
      readied.flatMap(({ diagnostics }) => diagnostics),
      [...reads.values()],
    );
    const invalid = readied.filter(({ plan }) => !plan);
    if (invalid.length > 0) {
      this.#tellWayOut(invalid);
      return new Map(invalid.map(({ link, diagnostics }) => [link, codeOfMistakes(diagnostics)]));
    }
    if (await this.#misnames(readied.map(({ plan }) => plan!)))
      return new Map(links.map((link) => [link, exitCode.usage]));
    const wrong = new Map<Link, number>();
    for (const { link, read, plan } of readied) {
      const executors = await this.#executorsFor(plan!, read);
      if (!executors) wrong.set(link, exitCode.unavailable);
    }
    return wrong;
  }

  /** Mistakes may be those of an earlier time, where all of them come after a file that is right. */
  #tellWayOut(invalid: readonly (Prepared & { readonly link: Link })[]): void {
    const { settings, flags, world } = this.#in;
    const wrong = new Set(invalid.map(({ link }) => link));
    const mistakes = invalid.flatMap(({ diagnostics }) => diagnostics.filter(isMistake));
    const files = [...new Set(mistakes.map(({ where }) => where.file))].filter(
      (file) => !isAddress(file),
    );
    if (wrong.has(settings.links[0]!) || files.length === 0) return;
    const tidies = settings.links.some((link) => link.role === 'teardown' && !wrong.has(link));
    const [have, them] = files.length === 1 ? ['has', 'it'] : ['have', 'them'];
    const begun = tidies ? 'nothing but the teardown is started' : 'nothing was started';
    const why = `${listed(files.map(cleanLine))} ${have} mistakes`;
    const way = `if an earlier file of the chain is to write ${them}, remove ${them} first`;
    warn(world, flags, `${begun}: ${why}; ${way}`);
  }

  /** Tells of answers that nothing asks for, and of breaks before nothing. What is not there yet may have them. */
  async #misnames(own: readonly Plan[]): Promise<boolean> {
    const { settings, flags, world } = this.#in;
    if (own.length < settings.links.length || flags.part === true) return false;
    const others = await this.#plansOf(flags.others ?? []);
    if (!others) return false;
    const plans = [...own, ...others];
    const unknown = [...unknownAnswers(flags, plans), ...unknownBreaks(flags, plans)];
    for (const text of unknown) complain(world, flags, text);
    return unknown.length > 0;
  }

  /** The plans of the files of other runs; `undefined` where one is not there yet, or has mistakes, which its run tells. */
  async #plansOf(files: readonly string[]): Promise<readonly Plan[] | undefined> {
    const plans: Plan[] = [];
    for (const file of files) {
      const { plan } = this.#prepare({ role: 'pipeline', file }, await this.#read(file));
      if (!plan) return undefined;
      plans.push(plan);
    }
    return plans;
  }

  /** Whether anything has been started. */
  get hasRun(): boolean {
    return this.#hasRun;
  }

  /** Runs one file, and answers the exit code of that. */
  async carryOut(link: Link, { interruption, leave }: Turn): Promise<number> {
    const { settings, workspace, stateDir, show, queue, ask, askPause, flags, world } = this.#in;
    const { signal } = interruption;
    const ready = await this.#makeReady(link, signal).catch((error: unknown) => {
      if (!isAborted(signal)) throw error;
      return exitCodeOfSignal(interruption.by ?? 'INT');
    });
    if (typeof ready === 'number') return ready;
    const { plan, secrets, executors } = ready;
    if (!this.#hasRun) await tidyUp(stateDir, executors.engine, flags, world);
    if (interruption.by !== undefined) return exitCodeOfSignal(interruption.by);
    const logFiles = openLogFiles(settings.logging, world);
    if (!logFiles.ok) {
      complain(world, flags, logFiles.failure);
      return exitCode.unavailable;
    }
    this.#hasRun = true;
    const parts = {
      logFiles: logFiles.value,
      executors,
      given: { ...settings.given, secrets },
      workspace,
      stateDir,
      queue,
      ask,
      askPause,
      breaks: breaksOf(flags, plan),
      toldVariables: flags.toldVariables,
      onBegin: flags.onBegin,
      flags,
    };
    const [keep, { runId }] = [flags.keep === true, flags];
    return runPlan(
      plan,
      { ...parts, keep, runId, reporter: show.reporter(), interruption, leave },
      world,
    );
  }

  /** What is needed to run a file, or the exit code of what is wrong, which has been told. */
  async #makeReady(link: Link, signal: AbortSignal): Promise<Ready | number> {
    this.#signal = signal;
    const read = await this.#files.atTurn(link, this.#hasRun);
    signal.throwIfAborted();
    const { plan, secrets, diagnostics } = this.#prepare(link, read);
    this.#tell(diagnostics, [read]);
    if (!plan) return codeOfMistakes(diagnostics);
    const executors = await this.#executorsFor(plan, read);
    if (!executors) return exitCode.unavailable;
    const { flags, world } = this.#in;
    const place = { choice: flags.executor ?? 'auto', env: world.env };
    const missing = await unlessAborted(missingPlace(plan, executors, place), signal);
    if (missing === undefined) return { plan, secrets, executors };
    complain(world, flags, missing);
    return exitCode.unavailable;
  }

  /** The one place where a pipeline file is read. */
  #read(file: string): Promise<ReadPipelines> {
    return this.#in.reading([file], this.#signal);
  }

  #prepare(link: Link, read: ReadPipelines): Prepared {
    const {
      settings: { links, given },
      flags,
      world,
    } = this.#in;
    const [found] = read.plans ?? [];
    const plan = found && flags.served ? servedBy(found, flags.served) : found;
    if (!plan) return { diagnostics: read.diagnostics, secrets: given.secrets };
    const items = secretItems(plan, given);
    world.veil.hide(items);
    const secrets = [...given.secrets, ...items];
    const name = nameOf(link, plan, links, flags.pipelineAlias);
    const { pullPolicy } = flags;
    const wishes = { name, ...(pullPolicy && { pullPolicy }) };
    const prepared = preparePlan(plan, given.variables, read.sourceOf, wishes);
    const mistakes = prepared.ok
      ? wishMistakes(prepared.value, plan, given.variables).map((mistake) =>
          atPlace(mistake, read.sourceOf(mistake.where.file)),
        )
      : prepared.failure;
    return prepared.ok && mistakes.length === 0
      ? { plan: prepared.value, secrets, diagnostics: read.diagnostics }
      : { secrets, diagnostics: [...read.diagnostics, ...mistakes] };
  }

  /** The executors that can do everything of a plan; otherwise it is told why there are none. */
  async #executorsFor(plan: Plan, read: ReadPipelines): Promise<Executors | undefined> {
    const { settings, stateDir, flags, world } = this.#in;
    const choice = flags.executor ?? 'auto';
    const last = this.#executors;
    const needed = needsEngine([plan], choice);
    const fits = last && (last.ok ? last.value.engine !== undefined || !needed : needed);
    if (!fits) {
      const leasesDir = leasesDirOf(stateDir);
      const keep = flags.keep === true;
      const opening = openExecutors([plan], { choice, env: world.env, leasesDir, keep });
      // An engine may take long to answer, or never do.
      this.#executors = await unlessAborted(opening, this.#signal);
      if (!this.#executors.ok) complain(world, flags, this.#executors.failure);
    }
    const executors = this.#executors ?? last;
    if (!executors?.ok) return undefined;
    const refused = refusals(plan, executors.value, settings.given.variables);
    this.#tell(refused, [read]);
    return refused.length === 0 ? executors.value : undefined;
  }

  /** What was told already is told again only when it is a reason not to run. */
  #tell(diagnostics: readonly Diagnostic[], reads: readonly ReadPipelines[]): void {
    const { flags, world } = this.#in;
    const news = diagnostics.filter(
      (each) => each.severity === 'error' || !this.#told.has(JSON.stringify(each)),
    );
    for (const each of news) this.#told.add(JSON.stringify(each));
    const sourceOf = (file: string) =>
      reads.map((read) => read.sourceOf(file)).find((source) => source !== undefined);
    tellDiagnostics(news, sourceOf, flags, world);
  }
}

/** Nothing is wrong with it but that something is not there yet. */
const isUnwritten = ({ plans, diagnostics }: ReadPipelines): boolean =>
  plans === undefined && isOnlyMissing(diagnostics);

const isMistake = ({ severity, reason }: Diagnostic): boolean =>
  severity === 'error' && reason === undefined;

interface Ready {
  readonly plan: Plan;
  readonly secrets: readonly string[];
  readonly executors: Executors;
}

interface Prepared {
  /** Absent when there is a mistake. */
  readonly plan?: Plan;
  /** Those of the run, and what the plan makes of them. */
  readonly secrets: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The alias names the pipeline; where there are several, what each of them has in front of its name. */
function nameOf(
  { role }: Link,
  { name }: Plan,
  links: readonly Link[],
  alias: string | undefined,
): string {
  if (alias === undefined || role !== 'pipeline') return name;
  const isOnly = links.filter((link) => link.role === 'pipeline').length === 1;
  return isOnly ? alias : `${alias}: ${name}`;
}
