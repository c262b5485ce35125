import { brief } from '../common/brief.ts';
import { readShape } from '../common/shape.ts';
import { child, keysOf, members } from '../common/tree.ts';
import { pipelineKeyHint } from './key-hints.ts';
import { findImportCircles } from './imports-in-circles.ts';
import { readItem } from './read-items.ts';
import { readRegistries } from './read-registries.ts';
import { levels } from './schema.ts';

import type { Registry } from '../../plan/plan.ts';
import type { Spot, Tree } from '../common/tree.ts';
import type { Loaded, LoadedFile } from './imports-load.ts';
import type { Holding, Imports } from './read-import.ts';
import type { Part } from './read-items.ts';

/** What the files hold that are read for one pipeline. Each is read once, and what is wrong with it reported. */
export class Holdings {
  readonly #loaded: Loaded;
  readonly #closing;
  readonly #read = new Map<LoadedFile, Holding | undefined>();
  /** The names of imports that something was asked of. */
  readonly #used = new Map<LoadedFile, Set<string>>();

  constructor(loaded: Loaded) {
    this.#loaded = loaded;
    this.#closing = findImportCircles(loaded);
  }

  /** What a file can ask of its imports. */
  importsOf(file: LoadedFile): Imports {
    const used = this.#used.get(file) ?? new Set();
    this.#used.set(file, used);
    return {
      names: [...file.imports.keys()],
      holding: (name) => {
        used.add(name);
        const one = file.imports.get(name);
        const target = one && !this.#closing.has(one) ? this.#loaded.fileOf(one) : undefined;
        return target && this.#holdingOf(target);
      },
    };
  }

  /** Reads what nobody asked for as well, and warns of it. */
  readTheRest(): void {
    const { first, files } = this.#loaded;
    for (const file of files) if (file !== first) this.#holdingOf(file);
    for (const file of files)
      for (const one of file.imports.values())
        if (this.#loaded.fileOf(one) && this.#used.get(file)?.has(one.name) !== true)
          file.findings.warning(one.nameSpan, `import '${brief(one.name)}' is never used`, {
            hint: `write \`- import: [${brief(one.name)}]\` where it belongs, or remove it`,
          });
  }

  /** Those of all files. What imports knows better than what is imported. */
  registries(): readonly Registry[] {
    const registries = new Map<string, Registry>();
    for (const { root, findings } of this.#loaded.files)
      for (const registry of readRegistries(root && child(root, 'registry'), findings))
        if (!registries.has(registry.name)) registries.set(registry.name, registry);
    return [...registries.values()];
  }

  #holdingOf(file: LoadedFile): Holding | undefined {
    if (!this.#read.has(file)) {
      const { root } = file;
      this.#read.set(file, root && readHolding(file, root, this.importsOf(file)));
    }
    return this.#read.get(file);
  }
}

function readHolding({ findings }: LoadedFile, root: Spot, imports: Imports): Holding | undefined {
  const readOne = (item: Spot): readonly Part[] => readItem(item, findings, imports);
  if (isPipeline(root)) {
    readShape(levels().imported, root, findings, 'this file', pipelineKeyHint);
    return { kind: 'whole', parts: members(child(root, 'pipeline')).flatMap(readOne) };
  }
  const content = { ...root, tree: withoutHead(root.tree) };
  if (isItem(content)) return { kind: 'whole', parts: readOne(content) };
  const names = keysOf(content);
  if (names.length === 0) {
    findings.error([0, 0], 'this file holds nothing to import', {
      hint: 'a pipeline has a `pipeline:` list; a library has sections: names with `steps:` or `step:` under them',
    });
    return undefined;
  }
  return {
    kind: 'library',
    sections: new Map(names.map((name) => [name, readOne(child(content, name)!)])),
  };
}

/** A library may have a `version`, too. */
const isPipeline = (root: Spot): boolean =>
  child(root, 'pipeline') !== undefined ||
  (child(root, 'version') !== undefined &&
    !keysOf(root).some((name) => isItem(child(root, name)!)) &&
    !isItem(root));

const isItem = (spot: Spot): boolean => {
  const [key, ...others] = keysOf(spot).filter((name) => !head.includes(name));
  return key !== undefined && others.length === 0 && itemKeys.includes(key);
};

const itemKeys = ['step', 'steps', 'import'];
const head = ['version', 'kind', 'imports', 'registry'];

/** What a file holds besides what it says about itself. */
const withoutHead = (tree: Tree): Tree =>
  tree.kind === 'map'
    ? { ...tree, entries: new Map([...tree.entries].filter(([key]) => !head.includes(key))) }
    : tree;
