/** Shorter secrets are looked for as they are: their encodings would be found everywhere. */
const minEncodedLength = 4;

/**
 * Every way in which a secret may stand in a log: as it is, without the blanks at its ends, line by line, in base64 inside
 * a longer text, URL-encoded, escaped for JSON. Nothing for a blank one.
 */
export function secretForms(secret: string): readonly string[] {
  // A line end at the border would hold back every ordinary line that comes before it.
  const value = secret.toWellFormed().replace(/^[\r\n]+|[\r\n]+$/g, '');
  // A shell drops the blanks of what stands in no quotes.
  const bare = value.trim();
  if (bare === '') return [];
  if (value.length < minEncodedLength) return [value];
  const values = bare.length < minEncodedLength ? [value] : [value, bare];
  return [...new Set(values.flatMap(longForms))];
}

const longForms = (value: string): string[] => [
  value,
  ...linesOf(value),
  ...urlForms(value),
  ...jsonForms(value),
  ...base64Forms(value),
  // What `echo "$SECRET" | base64` prints.
  ...base64Forms(`${value}\n`),
];

function linesOf(value: string): string[] {
  if (!/[\r\n]/.test(value)) return [];
  return value
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line.length >= minEncodedLength);
}

function urlForms(value: string): string[] {
  const component = encodeURIComponent(value);
  const strict = component.replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const form = new URLSearchParams([['', value]]).toString().slice(1);
  const encoded = [component, strict, form].flatMap((text) => [
    text,
    text.replaceAll('%20', '+'),
    text.replaceAll('%2F', '/'),
  ]);
  return encoded.flatMap(hexCases);
}

/** Beyond it, mixed cases are not worth their number: it doubles with each escape. */
const maxMixedEscapes = 4;

/** The text with its escapes in capitals, in small letters, and in any mixture of a few of them. */
function hexCases(text: string): string[] {
  const parts = text.split(/(%(?:[A-F][0-9A-F]|[0-9][A-F]))/);
  if (parts.length > 2 * maxMixedEscapes + 1)
    return [text, text.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())];
  return parts.reduce<string[]>(
    (texts, part, index) => {
      const cases = index % 2 === 1 ? [part, part.toLowerCase()] : [part];
      return texts.flatMap((before) => cases.map((one) => before + one));
    },
    [''],
  );
}

function jsonForms(value: string): string[] {
  const escaped = JSON.stringify(value).slice(1, -1);
  const unicode = (pattern: RegExp): string =>
    escaped.replace(pattern, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  // eslint-disable-next-line no-control-regex -- all of ASCII
  return [escaped, unicode(/[^\x00-\x7f]/g), unicode(/[<>&]/g), escaped.replaceAll('/', '\\/')];
}

/** Widths at which `openssl base64` and GNU `base64` break their lines. */
const lineWidths = [64, 76];

function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value);
  const forms = [0, 1, 2].flatMap((offset) => shifted(bytes, offset));
  const whole = bytes.toString('base64');
  for (const width of lineWidths) {
    for (let at = 0; whole.length > width && at < whole.length; at += width) {
      const line = whole.slice(at, at + width);
      if (line.length >= minEncodedLength) forms.push(line);
    }
  }
  for (const offset of [0, 1, 2]) forms.push(...brokenOnce(certainPart(bytes, offset)));
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
}

/**
 * The base64 digits of bytes that stand `offset` bytes behind a group of three: those that depend on
 * nothing else, and, for the end of a text, those up to its end.
 */
function shifted(bytes: Buffer, offset: number): string[] {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const toEnd = text.slice(Math.ceil((offset * 8) / 6));
  return [certainPart(bytes, offset), toEnd, toEnd.replaceAll('=', '')];
}

function certainPart(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}

/**
 * Digits in a longer text whose lines are broken somewhere, when they are too few for two breaks: with
 * one at every place. Behind the first few digits, only what follows the break is looked for: those
 * digits with a line end would hold back ordinary lines.
 */
function brokenOnce(digits: string): string[] {
  if (digits.length > Math.min(...lineWidths)) return [];
  return Array.from({ length: Math.max(0, digits.length - 1) }, (_, index) => index + 1)
    .map((at) =>
      at < minEncodedLength ? digits.slice(at) : `${digits.slice(0, at)}\n${digits.slice(at)}`,
    )
    .filter((form) => form.length >= minEncodedLength);
}
