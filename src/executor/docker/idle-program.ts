/**
 * A program for Linux that does nothing until it is killed, or nothing for a machine with other processors
 * than these. It needs nothing of the image that it is put into, which may have no shell.
 */
export function idleProgram(architecture: string): Buffer | undefined {
  const machine = machines.get(architecture);
  if (!machine) return undefined;
  const code = Buffer.from(machine.code.join(''), 'hex');
  const file = Buffer.alloc(codeAt + code.length);
  // What every ELF file begins with: of 64 bits, the low byte first, of version 1.
  file.write('\x7fELF\x02\x01\x01', 'latin1');
  file.writeUInt16LE(executable, 16);
  file.writeUInt16LE(machine.number, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(base + BigInt(codeAt), 24);
  file.writeBigUInt64LE(BigInt(headerBytes), 32);
  file.writeUInt16LE(headerBytes, 52);
  file.writeUInt16LE(segmentBytes, 54);
  file.writeUInt16LE(1, 56);
  // Its one segment is the whole file, to be read and executed.
  const segment = file.subarray(headerBytes);
  segment.writeUInt32LE(toBeLoaded, 0);
  segment.writeUInt32LE(readAndExecute, 4);
  for (const at of [16, 24]) segment.writeBigUInt64LE(base, at);
  for (const at of [32, 40]) segment.writeBigUInt64LE(BigInt(file.length), at);
  segment.writeBigUInt64LE(alignment, 48);
  code.copy(file, codeAt);
  return file;
}

interface Machine {
  /** As ELF has it. */
  readonly number: number;
  /** As the processor reads it. */
  readonly code: readonly string[];
}

const amd64: Machine = {
  number: 62,
  code: [
    'b822000000', // mov eax, 34: pause
    '0f05', // syscall
    'ebf7', // jmp to the first
  ],
};

const arm64: Machine = {
  number: 183,
  code: [
    '000080d2', // mov x0, 0
    '010080d2', // mov x1, 0
    '020080d2', // mov x2, 0
    '030080d2', // mov x3, 0
    '280980d2', // mov x8, 73: ppoll
    '010000d4', // svc 0
    'faffff17', // b to the first
  ],
};

/** By what engines call them: Docker as Go does, some as the kernel does. */
const machines: ReadonlyMap<string, Machine> = new Map([
  ['amd64', amd64],
  ['x86_64', amd64],
  ['arm64', arm64],
  ['aarch64', arm64],
]);

const headerBytes = 64;
const segmentBytes = 56;
const codeAt = headerBytes + segmentBytes;
const executable = 2;
const toBeLoaded = 1;
const readAndExecute = 5;
/** Where it is loaded to: any place will do that is a multiple of every size of pages. */
const base = 0x400000n;
const alignment = 0x10000n;
