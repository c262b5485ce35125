import { parseDocument, visit } from 'yaml';

import { unreachable } from '../../base/unreachable.ts';

import type { Document, YAMLError } from 'yaml';
import type { Findings } from './diagnostic.ts';
import type { Span } from './source.ts';

/**
 * The nodes of a YAML text. After an error of its syntax there are none: what stands behind it is
 * seldom what its author meant.
 */
export function readSyntax(findings: Findings): Document.Parsed | undefined {
  const { text } = findings.source;
  const document = parseDocument(text, {
    prettyErrors: false,
    // Found while the tree is built, together with the first of the two.
    uniqueKeys: false,
  });
  const errors = firstOfEachLine([...document.errors, ...document.warnings], text);
  for (const error of errors) {
    const [message, hint] = explain(error, text);
    findings.error(openingQuote(error, document) ?? spanOf(error, text), message, { hint });
  }
  return errors.length > 0 ? undefined : document;
}

/** What follows on one line, and everything after the end of the stack, are consequences. */
function firstOfEachLine(errors: readonly YAMLError[], text: string): readonly YAMLError[] {
  const exhausted = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (exhausted) return [exhausted];
  const lines = new Set<number>();
  return errors
    .toSorted((a, b) => a.pos[0] - b.pos[0])
    .filter(({ pos }) => {
      const line = text.lastIndexOf('\n', pos[0] - 1);
      return !lines.has(line) && lines.add(line);
    });
}

/** Where the text begins whose closing quote is missing: YAML says only where the file ended. */
function openingQuote({ message, pos }: YAMLError, document: Document.Parsed): Span | undefined {
  if (!message.startsWith('Missing closing')) return undefined;
  let span: Span | undefined;
  visit(document, {
    Scalar: (_, { type, range }) => {
      const isQuoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
      if (isQuoted && range && range[0] < pos[0]) span = [range[0], range[0] + 1];
    },
  });
  return span;
}

/** The word at the place of the error: YAML's own places often begin with the line, or are empty. */
function spanOf({ code, pos: [start, end] }: YAMLError, text: string): Span {
  if (code === 'RESOURCE_EXHAUSTION' && start === 0) {
    const nested = text.search(/(?:[[{]\s*){50}/);
    return nested === -1 ? [0, 1] : [nested, nested + 50];
  }
  const tab = code === 'TAB_AS_INDENT' ? text.indexOf('\t', start) : -1;
  if (tab !== -1) return [tab, tab + 1];
  const blanks = /[^\S\n]*/y;
  blanks.lastIndex = start;
  const from = start + (blanks.exec(text)?.[0].length ?? 0);
  const word = /[^\s,:[\]{}]*/y;
  word.lastIndex = from;
  const wordEnd = from + (word.exec(text)?.[0].length ?? 0);
  const lineEnd = text.indexOf('\n', from);
  return [from, Math.max(Math.min(end, lineEnd === -1 ? end : lineEnd), wordEnd)];
}

function explain({ code, message, pos }: YAMLError, text: string): [string, string?] {
  switch (code) {
    case 'TAB_AS_INDENT':
      return ['a tab indents this line', 'YAML is indented with blanks only: put blanks instead'];
    case 'MULTIPLE_DOCS':
      return ['a second document begins here', 'a file holds one pipeline: remove this `---`'];
    case 'BAD_INDENT':
      if (/end with a/.test(message))
        return ['a `[` or `{` before this is not closed', 'put the `]` or `}` that is missing'];
      return [
        'this is not indented like its neighbours',
        'the members of a list, and the keys of a map, begin in one column',
      ];
    case 'MULTILINE_IMPLICIT_KEY':
      return neitherKeyNorValue;
    case 'BLOCK_AS_IMPLICIT_KEY':
      if (message.startsWith('A block sequence'))
        return ['a list cannot stand beside keys', 'put the key above it that it belongs to'];
      return [
        'this cannot be a key here',
        'a text with `: ` in it goes in quotes; the keys of a map go on lines of their own',
      ];
    case 'MISSING_CHAR':
      return missingCharacter(message);
    case 'BAD_SCALAR_START':
      return [`a text cannot begin with \`${text[pos[0]] ?? ''}\``, 'put the text in quotes'];
    case 'BAD_DQ_ESCAPE':
      return [
        `"${text.slice(pos[0], Math.min(pos[1], pos[0] + 6))}" means nothing between double quotes`,
        'write `\\\\` for a backslash, or put the text in single quotes',
      ];
    case 'UNEXPECTED_TOKEN':
      return [
        'this does not belong here',
        'see whether a quote, a bracket or a `-` is missing before it, or put the text in quotes',
      ];
    case 'TAG_RESOLVE_FAILED':
    case 'BAD_COLLECTION_TYPE':
      return [
        `the tag \`${text.slice(pos[0], pos[1])}\` is not known here`,
        'remove it, or put the text in quotes',
      ];
    case 'RESOURCE_EXHAUSTION':
      return ['this file is nested too deeply', 'no pipeline needs more than some ten levels'];
    case 'ALIAS_PROPS':
    case 'BAD_ALIAS':
    case 'BAD_DIRECTIVE':
    case 'BAD_PROP_ORDER':
    case 'BLOCK_IN_FLOW':
    case 'DUPLICATE_KEY':
    case 'IMPOSSIBLE':
    case 'KEY_OVER_1024_CHARS':
    case 'MULTIPLE_ANCHORS':
    case 'MULTIPLE_TAGS':
    case 'NON_STRING_KEY':
      return [`this is not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`];
    default:
      return unreachable(code);
  }
}

const neitherKeyNorValue: [string, string] = [
  'this is neither a key nor a value',
  'a key is followed by `: `; a text of several lines begins with `|`',
];

function missingCharacter(message: string): [string, string?] {
  const quote = /closing (['"])/.exec(message)?.[1];
  if (quote) return [`a text that begins with ${quote} is not closed`, `put a ${quote} at its end`];
  if (message.startsWith('Implicit map keys')) return neitherKeyNorValue;
  if (message.startsWith('Comments must'))
    return [
      'a `#` follows the text directly',
      'put a blank before it to begin a comment, or the text in quotes',
    ];
  if (message.startsWith('Sequence item'))
    return [
      'this stands among the members of a list, but is none',
      'begin it with `- `, or indent it as what it belongs to',
    ];
  return [`this is not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`];
}
