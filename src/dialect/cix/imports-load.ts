import { normalize } from 'node:path';

import { isAddress } from '../../base/is-address.ts';
import { parseYaml } from '../common/parse-yaml.ts';
import { readImports } from './imports.ts';

import type { Result } from '../../base/result.ts';
import type { Diagnostic, Findings } from '../common/diagnostic.ts';
import type { ReadSource, Wanted } from '../common/read-source.ts';
import type { Source } from '../common/source.ts';
import type { Spot } from '../common/tree.ts';
import type { Import } from './imports.ts';
import type { Variables } from './imports-places.ts';

/** A chain of imports is followed up to here. */
export const maxImportDepth = 32;

/** And no more files than these are read for one pipeline. */
const maxFiles = 500;

/** A file whose text is there. */
export interface LoadedFile {
  readonly wanted: Wanted;
  readonly source: Source;
  readonly findings: Findings;
  /** Absent: it is not YAML. */
  readonly root: Spot | undefined;
  readonly imports: ReadonlyMap<string, Import>;
}

/** A file and everything that it imports, directly or not. */
export interface Loaded {
  readonly first: LoadedFile;
  /** Every file, those that import before what they import. */
  readonly files: readonly LoadedFile[];
  /** What an import leads to, if that could be read. */
  fileOf(one: Import): LoadedFile | undefined;
}

export interface LoadOptions {
  readonly read: ReadSource;
  readonly variables: Variables;
}

/** A file as it stands, with nothing that it imports. */
export function loadAlone(
  wanted: Wanted,
  source: Source,
  findings: Findings,
  variables: Variables,
): LoadedFile {
  const tree = parseYaml(findings);
  const root = tree && { tree };
  const imports = root ? readImports(root, wanted, variables, findings) : new Map<string, Import>();
  return { wanted, source, findings, root, imports };
}

/** Reads whatever a file imports, each file once, those of one distance at the same time. */
export async function loadImports(
  first: LoadedFile,
  { read, variables }: LoadOptions,
): Promise<Loaded> {
  const files = new Map<string, LoadedFile | undefined>([[keyOf(first.wanted), first]]);
  let level: readonly LoadedFile[] = [first];
  for (let depth = 1; level.length > 0; depth++) {
    const next = notYetRead(level, files);
    const refusal = whyNoMore(depth, files.size + next.length);
    if (refusal !== undefined && next.length > 0) {
      // The first place says it all.
      const [{ from, one }] = next as [Request];
      from.findings.error(one.srcSpan, `import '${one.name}' is one too many`, { hint: refusal });
      break;
    }
    const answers = await Promise.all(next.map(({ wanted }) => read(wanted)));
    level = next.flatMap((request, at) => {
      const file = loaded(request, answers[at]!, variables);
      files.set(keyOf(request.wanted), file);
      return file ?? [];
    });
  }
  return {
    first,
    files: [...files.values()].filter((file) => file !== undefined),
    fileOf: ({ wanted }) => wanted && files.get(keyOf(wanted)),
  };
}

interface Request {
  readonly from: LoadedFile;
  readonly one: Import;
  readonly wanted: Wanted;
}

function notYetRead(
  level: readonly LoadedFile[],
  files: ReadonlyMap<string, unknown>,
): readonly Request[] {
  const requests = new Map<string, Request>();
  for (const from of level)
    for (const one of from.imports.values()) {
      const key = one.wanted && keyOf(one.wanted);
      if (one.wanted && key !== undefined && !files.has(key) && !requests.has(key))
        requests.set(key, { from, one, wanted: one.wanted });
    }
  return [...requests.values()];
}

function whyNoMore(depth: number, count: number): string | undefined {
  if (depth > maxImportDepth) return `a chain of imports is followed over ${maxImportDepth} files`;
  return count > maxFiles ? `${maxFiles} files are read for one pipeline` : undefined;
}

function loaded(
  { from, one, wanted }: Request,
  answer: Result<Source, Diagnostic>,
  variables: Variables,
): LoadedFile | undefined {
  if (!answer.ok) {
    const hint = isAddress(wanted.at) ? {} : { hint: howPathsCount };
    from.findings.unreadable(one.srcSpan, 'imported here', { ...hint, ...answer.failure });
    return undefined;
  }
  const findings = from.findings.because(one.srcSpan, 'imported here', answer.value);
  return loadAlone(wanted, answer.value, findings, variables);
}

const howPathsCount = 'a path counts from the folder of the file that imports it';

/** One for each text that may be answered. */
const keyOf = ({ at, token }: Wanted): string =>
  isAddress(at) ? JSON.stringify([at, token?.value]) : normalize(at);
