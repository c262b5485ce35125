const [quote, backslash] = ['"'.charCodeAt(0), '\\'.charCodeAt(0)];
const [opening, closing] = [
  ['[', '{'].map((char) => char.charCodeAt(0)),
  [']', '}'].map((char) => char.charCodeAt(0)),
];

/** How deep the arrays and objects of a JSON text stand in each other; told without parsing it. */
export function depthOf(json: string): number {
  let [depth, deepest, isText] = [0, 0, false];
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === quote) isText = !isText;
    else if (isText) at += code === backslash ? 1 : 0;
    else if (opening.includes(code)) deepest = Math.max(deepest, ++depth);
    else if (closing.includes(code)) depth--;
  }
  return deepest;
}
