/** Shorter secrets are looked for as they are: their encodings would be found everywhere. */
const minEncodedLength = 4;

/**
 * How a secret may stand in a log as text: as it is, without the blanks at its ends, line by line, URL-encoded, escaped for
 * JSON. Nothing for a blank one.
 */
export const textForms = (secret: string): readonly string[] =>
  valuesOf(secret).flatMap((value) =>
    value.length < minEncodedLength
      ? [value]
      : [value, ...linesOf(value), ...urlForms(value), ...jsonForms(value)],
  );

/** How it may stand in base64, of a longer text, too, but for breaks between lines. */
export const base64Forms = (secret: string): readonly string[] =>
  valuesOf(secret)
    .filter((value) => value.length >= minEncodedLength)
    // The other is what `echo "$SECRET" | base64` prints.
    .flatMap((value) => [...digitsOf(value), ...digitsOf(`${value}\n`)]);

function valuesOf(secret: string): string[] {
  // A line end at the border would hold back every ordinary line that comes before it.
  const value = secret.toWellFormed().replace(/^[\r\n]+|[\r\n]+$/g, '');
  // A shell drops the blanks of what stands in no quotes.
  const bare = value.trim();
  if (bare === '') return [];
  return bare.length < minEncodedLength ? [value] : [value, bare];
}

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

function digitsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  const forms = [0, 1, 2].flatMap((offset) => shifted(bytes, offset));
  const whole = bytes.toString('base64');
  for (const width of lineWidths) {
    for (let at = 0; whole.length > width && at < whole.length; at += width) {
      const line = whole.slice(at, at + width);
      if (line.length >= minEncodedLength) forms.push(line);
    }
  }
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
