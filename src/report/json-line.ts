// JSON leaves these as they are, and terminals obey some.
const controls = /[\x7f-\x9f]/g;

/** A value as one line of JSON without any control character, so that a terminal may show it, too. */
export const jsonLine = (value: unknown): string =>
  `${JSON.stringify(value).replace(controls, escaped)}\n`;

const escaped = (control: string): string =>
  `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
