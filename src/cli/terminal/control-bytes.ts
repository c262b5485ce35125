import { isAscii, isUtf8 } from 'node:buffer';

const newline = 0x0a;
const tab = 0x09;
const firstPrintable = 0x20;

// The C1 controls, as their UTF-8 bytes.
const c1 = /\xc2[\x80-\x9f]/;

/** Valid UTF-8 without any control character but newlines and tabs: can be shown as it is. */
export function isPlain(bytes: Buffer): boolean {
  if (hasControls(bytes)) return false;
  return isAscii(bytes) || (isUtf8(bytes) && !c1.test(bytes.toString('latin1')));
}

// Four bytes at a time: this looks at every byte that any task prints.
function hasControls(bytes: Buffer): boolean {
  const skew = (4 - (bytes.byteOffset % 4)) % 4;
  if (bytes.length < skew + 4) return controlWithin(bytes, 0, bytes.length);
  const count = (bytes.length - skew) >> 2;
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset + skew, count);
  for (let index = 0; index < count; index++) {
    const word = words[index]!;
    // Some byte of the four is below 0x20 exactly if this is not zero.
    const low = (word - 0x20202020) & ~word & 0x80808080;
    if (low === 0) continue;
    // Nothing is to be done about newlines, which are often the only such bytes.
    const odd = word ^ 0x0a0a0a0a;
    const newlines = ~(((odd & 0x7f7f7f7f) + 0x7f7f7f7f) | odd | 0x7f7f7f7f);
    if ((low & ~newlines) === 0) continue;
    if (controlWithin(bytes, skew + index * 4, skew + index * 4 + 4)) return true;
  }
  return controlWithin(bytes, 0, skew) || controlWithin(bytes, skew + count * 4, bytes.length);
}

function controlWithin(bytes: Buffer, from: number, to: number): boolean {
  for (let index = from; index < to; index++) {
    const byte = bytes[index]!;
    if (byte < firstPrintable && byte !== newline && byte !== tab) return true;
  }
  return false;
}
