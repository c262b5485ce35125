/** What a run asks a person. JSON-able. */
export interface Question {
  /** The step or group that asks, by its id in the plan, and by its name. */
  readonly id: string;
  readonly name: string;
  readonly message: string;
  /** What is asked for besides, where the choice is to approve or to give. */
  readonly inputs: readonly AskedInput[];
  readonly choices: readonly Choice[];
  /** How long an answer is waited for. Absent: as long as it takes. */
  readonly timeoutMs?: number;
}

/**
 * `approve` and `reject` for an approval; `give` where nothing but inputs is asked for; the others are what
 * can be done about a failure.
 */
export type Choice = (typeof allChoices)[number];

export const allChoices = [
  'approve',
  'reject',
  'give',
  'retry',
  'ignore',
  'succeed',
  'fail',
  'abort',
] as const;

export interface AskedInput {
  readonly name: string;
  readonly description?: string;
  /** It must not be empty. */
  readonly required?: boolean;
  /** What is taken when nothing is answered. */
  readonly fallback?: string;
  /** One of these. Absent: any text. */
  readonly allowed?: readonly string[];
  /** A regular expression that must match the whole of it. */
  readonly pattern?: string;
}

export interface Answer {
  readonly choice: Choice;
  /** Who gave it: a person's name, or how it was given. */
  readonly by: string;
  readonly comment?: string;
  /** By the names of the inputs. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The names of those whose values are secrets: they are never shown. Absent: none. */
  readonly secrets?: readonly string[];
}
