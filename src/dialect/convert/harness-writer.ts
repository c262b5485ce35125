import type { Filling, Text } from '../../plan/plan.ts';
import type { Losses, Part } from './losses.ts';
import type { Written } from './write-yaml.ts';

/** What a variable stands for inside of copies: an expression without its `<+` and `>`. */
type Local = ReadonlyMap<string, string>;

/** What a conversion to Harness knows while it writes. */
export interface HarnessWriter {
  readonly losses: Losses;
  readonly inputs: Inputs;
  /** What is taken for variables that are not given. */
  readonly fallbacks: ReadonlyMap<string, string>;
  /** What each node of the plan is called in the new file, by its id. */
  readonly identifiers: ReadonlyMap<string, string>;
  /** What others need it by. */
  readonly needed: ReadonlyMap<string, string>;
  /** How many copies there are of each, by its id. Absent: it is not repeated. */
  readonly copied: ReadonlyMap<string, number | 'unknown' | undefined>;
  /** Variables of the copies around, by their names. */
  readonly local: Local;
}

/** The variables of the run that a pipeline asks for: inputs, and secrets by what they are called. */
export class Inputs {
  readonly #inputs = new Map<string, string | undefined>();
  readonly secrets = new Set<string>();
  readonly #losses: Losses;

  constructor(losses: Losses) {
    this.#losses = losses;
  }

  get fallbacks(): ReadonlyMap<string, string> {
    return new Map(
      [...this.#inputs].flatMap(([name, fallback]) =>
        fallback === undefined ? [] : [[name, fallback]],
      ),
    );
  }

  get names(): readonly string[] {
    return [...this.#inputs.keys()];
  }

  /** The path of a variable in expressions. */
  use(name: string, part: Part, keys: readonly string[], fallback?: string): string {
    if (isSecretName(name)) {
      this.secrets.add(name);
      if (fallback !== undefined)
        this.#losses.tell(
          part,
          keys,
          `the secret \`${name}\` must be given: its default is left out`,
        );
      return `secrets.getValue("${name}")`;
    }
    const known = this.#inputs.get(name);
    if (fallback !== undefined && known !== undefined && known !== fallback)
      this.#losses.tell(
        part,
        keys,
        `the default of \`${name}\` is \`${known}\`, as it is elsewhere`,
      );
    this.#inputs.set(name, known ?? (fallback === '' ? undefined : fallback));
    return `pipeline.variables.${name}`;
  }

  /** What stands under `variables` of the pipeline. */
  written(): readonly Written[] {
    return [...this.#inputs].map(([name, fallback]) => ({
      name,
      type: 'String',
      value: fallback === undefined ? '<+input>' : `<+input>.default(${fallback})`,
    }));
  }
}

/** A CIX file does not tell its secrets from other variables. */
const isSecretName = (name: string): boolean =>
  /(^|_)(PASSWORD|PASSWD|PASS|TOKEN|SECRET|SECRETS|CREDENTIALS?|API_?KEY|PRIVATE_?KEY)(_|$)/i.test(
    name,
  );

/** A text with expressions for variables of the run. */
export function harnessText(
  text: Text,
  part: Part,
  keys: readonly string[],
  writer: HarnessWriter,
  fallback?: string,
): string {
  return text
    .map((piece) => {
      if (typeof piece === 'string') return plain(piece, text.length === 1);
      return 'variable' in piece
        ? `<+${pathOf(piece.variable, part, keys, writer, fallback)}>`
        : '';
    })
    .join('');
}

/** A value and what is taken when its variable is not given. */
export function harnessFilling(
  { value, fallback }: Filling,
  part: Part,
  keys: readonly string[],
  writer: HarnessWriter,
): string {
  const [only] = value;
  const isHole = value.length === 1 && typeof only === 'object';
  if (fallback === undefined || value.every((piece) => typeof piece === 'string'))
    return harnessText(value, part, keys, writer);
  if (isHole)
    return harnessText(value, part, keys, writer, harnessText(fallback, part, keys, writer));
  writer.losses.tell(part, keys, 'its default is left out: an input of Harness is a whole value');
  return harnessText(value, part, keys, writer);
}

/** The path of a variable: of the copies around, or of the run. */
export function pathOf(
  name: string,
  part: Part,
  keys: readonly string[],
  { local, inputs }: HarnessWriter,
  fallback?: string,
): string {
  return local.get(name) ?? inputs.use(name, part, keys, fallback);
}

/** A text in which Harness is to see no expression: what begins one is one itself, and comes to a text. */
const plain = (text: string, isAlone: boolean): string =>
  isAlone && !/<\+[^]*>/.test(text) ? text : text.replaceAll('<+', '<+"<">+');
