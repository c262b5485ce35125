import type { Expression } from './expression.ts';
import type { FailureRule } from './failure-rules.ts';

/**
 * What will be done: a pipeline fully worked out. Plain JSON-able data, read by every room and
 * written by the dialects; no word of a dialect in it. All durations are milliseconds.
 */
export interface Plan {
  readonly name: string;
  /** In their order; see `Stage.beside`. */
  readonly stages: readonly Stage[];
  /** For the whole run. Absent: as long as it takes. */
  readonly timeoutMs?: number;
  /** Where images come from that need more than their name. Absent: there are none. */
  readonly registries?: readonly Registry[];
}

/** What is to be known of a registry. */
export interface Registry {
  /** The first part of the image names that it stands for: its host, or an alias of it. */
  readonly name: string;
  /** Absent: `name` is the host. */
  readonly host?: Filling;
  readonly credentials?: { readonly username: Text; readonly password: Text };
  readonly retry?: Retry;
}

/** A text, and what is taken when it names a variable that the run does not have. */
export interface Filling {
  readonly value: Text;
  readonly fallback?: Text;
}

/** Owns one sandbox per executor, and the lifetime of its services. */
export interface Stage {
  readonly id: string;
  readonly name: string;
  readonly root: Group;
  /** It begins together with the stage before it, or as soon as `atOnce` lets it. */
  readonly beside?: true;
  /** It is one of several copies beside each other, of which so many run at once. Absent: all. */
  readonly atOnce?: AtOnce;
  /** How the stages before it must have ended for it to run. Absent: `success`. */
  readonly after?: Turnout;
  /** It is skipped unless this holds when its turn comes. */
  readonly when?: Condition;
  readonly timeoutMs?: number;
  /** Its failure does not fail the run. */
  readonly continueOnFail?: boolean;
  /**
   * What a failure of a step means to the rest. `at-once`, or absent: it ends what runs, and nothing else
   * begins. `in-order`: what runs beside it runs to its end, and what comes after it decides by its `after`;
   * and a service whose image cannot be had is a failure, whatever its `onExit`.
   */
  readonly failing?: 'at-once' | 'in-order';
  /** Its containers share one network: each finds the ports of all of them at `localhost`, as in a pod. */
  readonly sharesLoopback?: true;
  /** The run's variable that holds its outcome, a word of `StepOutcome`, once it has ended. */
  readonly outcomeAs?: string;
  /** What a person is asked for before it starts; see `Written`. */
  readonly asks?: readonly ApprovalInput[];
  /** What its tasks find around them besides what every task does. Absent: nothing. */
  readonly around?: Around;
}

/** How many of the copies of one stage run at once; each begins as soon as there is room. */
export interface AtOnce {
  /** What they are copies of, unique among the stages beside each other. */
  readonly of: string;
  readonly most: number;
}

/**
 * What the scripts of a stage may rely on wherever they run. It is told as what it is and not as
 * values: only the dialect knows what they are called, and only the place of a task what they are.
 */
export interface Around {
  /** How the names begin of what is made for the stage where others see it. Absent: as the executor has it. */
  readonly prefix?: string;
  readonly folders: readonly SharedFolder[];
  /** Variables of every task. What its own `environment` says wins. */
  readonly environment: readonly FactVariable[];
}

/** A folder that the tasks of an executor share: empty at first, open to every user, gone at the end. */
export interface SharedFolder {
  /** Unique in the stage. */
  readonly name: string;
  /** Where a container finds it, absolute. On this machine it is wherever there is place for it. */
  readonly target: string;
  /** Whether commands are looked for in it first. */
  readonly onPath: boolean;
}

/** A variable that tells a task something. */
export interface FactVariable {
  readonly name: string;
  readonly is: Fact;
}

export type Fact =
  | { readonly kind: 'text'; readonly text: string }
  /** The name of its step or service; the id of its run. */
  | { readonly kind: 'task' | 'run' }
  /** The name of its container, and of its network. Empty where it has none. */
  | { readonly kind: 'container' | 'network' }
  /** The file by which a step hands over what it has for the run; see `Output`. */
  | { readonly kind: 'outputs' }
  /** The name of the machine that Continuo runs on. */
  | { readonly kind: 'machine' }
  /** Where it finds the workspace, and where it is started. */
  | { readonly kind: 'workspace' | 'working-dir' }
  /** Where it finds the shared folder of this name. */
  | { readonly kind: 'folder'; readonly name: string };

/** How what stands before something in its stage, or the stages before a stage, have gone. */
export type Turnout = 'success' | 'failure' | 'either';

/** What a command is launched for. */
export type TaskNode = RunStep | Service;

export type Node = RunStep | WaitStep | ApprovalStep | Service | Group;

/** What a person wrote at one place of the file. `id` is unique in the plan. */
interface Written {
  readonly id: string;
  readonly name: string;
  readonly where: Where;
  /** It is skipped unless this holds when its turn comes. */
  readonly when?: Condition;
  /** It stands for several copies of itself: see `Repeat`. */
  readonly repeat?: Repeat;
  /** It is skipped unless what stands before it has gone so. Only where the stage fails `in-order`. Absent: `success`. */
  readonly after?: Turnout;
  /** The run's variable that holds its outcome, a word of `StepOutcome`, once it has ended. */
  readonly outcomeAs?: string;
  /** What a person is asked for before it starts, but for what the run has been told by then. */
  readonly asks?: readonly ApprovalInput[];
}

/**
 * A node that stands for a group of copies of itself, `name-1` to `name-n`; none when there is nothing
 * to repeat it for. The copies have neither its condition nor its repetition: the group has the former.
 */
export interface Repeat {
  readonly over: RepeatTimes | RepeatEach;
  readonly order: 'serial' | 'parallel';
  /** The variable that tells each copy which one it is, from 1. */
  readonly counter?: string;
}

export interface RepeatTimes {
  readonly kind: 'times';
  readonly times: Quantity;
}

export interface RepeatEach {
  readonly kind: 'each';
  /** Either each item by itself, or all of them in one text, parted by commas. Empty ones do not count. */
  readonly items: readonly Text[] | { readonly commaSeparated: Text };
  /** The variable that tells each copy its item. */
  readonly element: string;
}

/**
 * A number, or a text that is one once it is filled: so many `unit`, whatever the number beside it
 * counts. See `fillQuantity`.
 */
export type Quantity = number | Measured;

export interface Measured {
  readonly text: Text;
  readonly unit: 'count' | 'seconds';
  /** Where it stands, for whoever finds out that it is none. */
  readonly where: Where;
}

/** What must hold. Texts are compared as they are once they are filled. */
export type Condition =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }
  /** It is not blank. */
  | { readonly kind: 'set'; readonly value: Filling }
  | { readonly kind: 'among'; readonly value: Filling; readonly values: readonly Filling[] }
  | {
      /** `greater` and `at-least` compare numbers where both are, else texts by their code points. */
      readonly kind: 'equal' | 'greater' | 'at-least' | 'includes' | 'starts-with' | 'ends-with';
      readonly value: Filling;
      readonly other: Filling;
    }
  /** One of the regular expressions matches the whole of it. */
  | { readonly kind: 'matches'; readonly value: Filling; readonly patterns: Patterns }
  /** It comes to true, or to a text that says so. */
  | { readonly kind: 'true'; readonly expression: Expression };

/** Regular expressions in one text, parted by `delimiter`. Absent: it is one. */
export interface Patterns {
  readonly text: Filling;
  readonly delimiter?: Filling;
}

/** A place in a pipeline file. Line and column count from 1. */
export interface Where {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Group extends Written, Attempts {
  readonly kind: 'group';
  readonly order: 'serial' | 'parallel';
  /** How many of its members run at once. Only for a parallel one. Absent: all. */
  readonly atOnce?: number;
  readonly members: readonly Node[];
  /** Where what stands in it wishes that its group begins anew, the group around is meant. */
  readonly anew?: 'around';
}

/** How often and how long something is attempted, and what becomes of the run when that is not enough. */
interface Attempts {
  /** For each attempt. */
  readonly timeoutMs?: Quantity;
  readonly retry?: Retry;
  /** The run goes on when it fails; its outcome is then `ignored`. */
  readonly continueOnFail?: boolean;
  /** What is done about its failures where `retry` and `continueOnFail` are absent. None: it has failed. */
  readonly onFailure?: readonly FailureRule[];
}

export interface Retry {
  /** Counts the first one too. */
  readonly attempts: Quantity;
  readonly backoffMs: Quantity;
}

export interface RunStep extends Written, Attempts {
  readonly kind: 'run';
  readonly command: Command;
  /** Ids of services that must be ready besides those that stand before the step. */
  readonly needs: readonly string[];
  /** What the run learns from it once it has succeeded. Absent: nothing. */
  readonly outputs?: readonly Output[];
  /** Patterns of the JUnit files that it writes, relative to the workspace unless absolute. */
  readonly reports?: readonly string[];
}

/**
 * What a step hands over to the run: a variable of its script of that name, or a line `name=value` in
 * the file that `CONTINUO_OUTPUT` names, which wins.
 */
export interface Output {
  /** What the script calls it. */
  readonly name: string;
  /** What the run calls it. */
  readonly as: string;
  readonly isSecret?: true;
}

/** Waits, and nothing else. Services live on meanwhile, and are watched. */
export interface WaitStep extends Written, Attempts {
  readonly kind: 'wait';
  readonly durationMs: number;
}

/** Goes on when a person says so. Services live on meanwhile, and are watched. */
export interface ApprovalStep extends Written, Attempts {
  readonly kind: 'approval';
  readonly message: Text;
  /** What the person is asked for besides. */
  readonly inputs: readonly ApprovalInput[];
}

/** Something that a person is asked for. */
export interface ApprovalInput {
  readonly name: string;
  /** What the run calls what was answered. */
  readonly as: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly fallback?: Text;
  /** One of these. Absent: any text. */
  readonly allowed?: readonly Text[];
  /** A regular expression that must match the whole of it. */
  readonly pattern?: string;
}

export interface Service extends Written {
  readonly kind: 'service';
  readonly command: Command;
  /** Ids of services that must be ready before this one starts. */
  readonly needs: readonly string[];
  /** All of them must pass. Empty: the service can be relied on as soon as it runs. */
  readonly ready: readonly Probe[];
  readonly onExit: OnExit;
  readonly stop: StopRule;
  /** How long it lives: to the end of its stage, or of the group it stands in. */
  readonly scope: 'stage' | 'group';
  /** Patterns of the JUnit files that it writes, read once it has ended; as of a step. */
  readonly reports?: readonly string[];
}

export type OnExit =
  | { readonly kind: 'fail' }
  | { readonly kind: 'ignore' }
  /** At most `times` new starts; the n-th waits `backoffMs * 2^(n-1)`, a minute at most. */
  | { readonly kind: 'restart'; readonly times: number; readonly backoffMs: number };

export interface StopRule {
  /** Without the `SIG`: `TERM`, `INT`, … */
  readonly signal: string;
  readonly graceMs: number;
}

/** What is launched: its words or its script, and what surrounds it. */
export interface Command {
  readonly run: Script | Argv | ImageCommand;
  readonly environment: readonly Variable[];
  /** Absent: a process of this machine. */
  readonly image?: Text;
  /** Only with an image. */
  readonly container?: Container;
  /** Relative to the workspace unless absolute. */
  readonly workingDir?: string;
  readonly user?: Text;
}

/** What surrounds a command that runs in a container. Whatever is absent is as the executor has it. */
export interface Container {
  readonly hostname?: Text;
  /** What else containers of the stage find it by. */
  readonly aliases?: readonly Text[];
  /** `outside:own`, `own`, each perhaps with `/udp`; see `parsePort`. */
  readonly ports?: readonly Text[];
  /** `source:target`, perhaps with `:ro`; see `parseVolume`. */
  readonly volumes?: readonly Text[];
  readonly privileged?: boolean;
  /** Where the workspace is found, absolute. */
  readonly mountPoint?: string;
  /** It is started in the folder that its image names, and not in the workspace. */
  readonly startsInImage?: true;
  /** When a registry is asked. `by-tag`, or absent: always for the tag `latest`, else when it is missing. */
  readonly pull?: 'always' | 'missing' | 'never' | 'by-tag';
  readonly memoryBytes?: number;
  /** How many processors, such as 0.5. */
  readonly cpus?: number;
}

/** Lines for an interpreter. A shell (sh, bash, …) runs them with `set -e`. */
export interface Script {
  readonly kind: 'script';
  /** The interpreter and its own arguments, such as `/bin/sh` or `/bin/bash -x`. */
  readonly shell: readonly [string, ...string[]];
  /** A plain line is taken as it is. */
  readonly lines: readonly (string | Text)[];
  /** What is told before each line when the interpreter is a shell. */
  readonly announce: 'timestamp' | 'echo' | 'minimal';
}

/** Words to execute as they are. */
export interface Argv {
  readonly kind: 'argv';
  readonly argv: readonly [Text, ...Text[]];
}

/** What the image itself starts, with these arguments in place of its own, if there are any. */
export interface ImageCommand {
  readonly kind: 'image';
  readonly arguments?: readonly Text[];
}

/** One variable of a task. Without a value of its own it carries the run's variable of that name. */
export interface Variable extends Filling {
  readonly name: string;
}

/** Text with holes that are filled while the run goes on. */
export type Text = readonly (string | Hole)[];

/** A variable of the run, or a value worked out from several. */
export type Hole = { readonly variable: string } | { readonly expression: Expression };

export type Probe = ProbeTarget & ProbePace;

export type ProbeTarget =
  | {
      readonly kind: 'tcp';
      /** As URLs have it: in lower case, an address in its shortest form; without brackets. */
      readonly host: string;
      readonly port: number;
    }
  | {
      readonly kind: 'http';
      readonly url: string;
      /** Statuses that pass. Empty: 200 to 399. */
      readonly status: readonly number[];
      readonly headers: Readonly<Record<string, string>>;
      /** A regular expression that must be found in the body. */
      readonly body?: string;
    }
  | { readonly kind: 'exec'; readonly run: Script | Argv }
  /** A regular expression that must be found in a line of the service's output. */
  | { readonly kind: 'log'; readonly pattern: string }
  /** The command that the image gives as its HEALTHCHECK, at our pace. */
  | { readonly kind: 'health' };

export interface ProbePace {
  /** Absent: 20 ms in the first two seconds, 50 ms up to five, then 250 ms. */
  readonly intervalMs?: number;
  /** From the start of the service until the probe must have passed. */
  readonly timeoutMs: number;
}
