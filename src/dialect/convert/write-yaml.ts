import { Document, isMap, isScalar, isSeq, visit } from 'yaml';

import type { Node } from 'yaml';

/** What is written: plain data, in the order in which it is to stand. */
export type Written =
  string | number | boolean | readonly Written[] | { readonly [key: string]: Written | undefined };

export interface Layout {
  /** Lines above everything, without their `#`. */
  readonly head: readonly string[];
  /** Keys of lists whose items have an empty line between them. */
  readonly spaced: ReadonlySet<string>;
}

/** Shorter lists and maps of single values stand on one line. */
const longestFlow = 72;

/** YAML as a person would write it: scripts as blocks, small lists and maps on a line. */
export function writeYaml(value: Written, { head, spaced }: Layout): string {
  const document = new Document(value, { keepUndefined: false, aliasDuplicateObjects: false });
  visit(document, {
    Pair(_, { key, value: inside }) {
      // A command each line.
      if (isSeq(inside) && isScalar(key) && key.value === 'commands') inside.flow = false;
      if (!isSeq(inside) || !isScalar(key) || !spaced.has(String(key.value))) return;
      for (const item of inside.items.slice(1)) (item as Node).spaceBefore = true;
    },
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string') return;
      if (node.value.includes('\n') && fitsBlock(node.value)) node.type = 'BLOCK_LITERAL';
    },
    Collection(_, node) {
      const lines = isMap(node) ? node.items.map((pair) => pair.value) : node.items;
      const isPlain = lines.every(
        (one) => isFlow(one) || (isScalar(one) && !String(one.value).includes('\n')),
      );
      if (
        node.flow !== false &&
        isPlain &&
        JSON.stringify(node).length <= longestFlow &&
        mayFlow(node)
      )
        node.flow = true;
    },
  });
  document.commentBefore = head.map((line) => ` ${line}`).join('\n');
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

const isFlow = (node: unknown): boolean => (isMap(node) || isSeq(node)) && node.flow === true;

/** Steps and commands stand on lines of their own, however short; settings may share one. */
function mayFlow(node: unknown): boolean {
  if (isSeq(node)) return node.items.every((item) => isScalar(item));
  if (!isMap(node)) return false;
  const keys = node.items.map(({ key }) => (isScalar(key) ? String(key.value) : ''));
  if (keys[0] === 'name')
    return keys.slice(1).every((key) => key === 'value' || key === 'default' || key === 'type');
  return !keys.some((key) => blocks.has(key));
}

/** Keys of what a person gives lines of its own. */
const blocks: ReadonlySet<string> = new Set([
  ...['step', 'steps', 'stepGroup', 'parallel', 'stage', 'identifier', 'name', 'command'],
]);

/** A block cannot say blanks at its beginning, or characters that are not printed. */
const fitsBlock = (text: string): boolean =>
  !/^\s/.test(text) && !/[^\n\t\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd]/u.test(text);
