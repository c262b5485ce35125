import type { Import } from './imports.ts';
import type { Loaded, LoadedFile } from './imports-load.ts';

/** The imports that lead back to a file that they come from; each is reported, with the way there. */
export function findImportCircles(loaded: Loaded): ReadonlySet<Import> {
  const closing = new Set<Import>();
  const done = new Set<LoadedFile>();
  const follow = (file: LoadedFile, way: readonly Passage[]): void => {
    for (const one of file.imports.values()) {
      const target = loaded.fileOf(one);
      if (!target || done.has(target)) continue;
      const here = [...way, { file, one }];
      const start = here.findIndex((passage) => passage.file === target);
      if (start === -1) follow(target, here);
      else {
        closing.add(one);
        report(here.slice(start));
      }
    }
    done.add(file);
  };
  follow(loaded.first, []);
  return closing;
}

interface Passage {
  readonly file: LoadedFile;
  readonly one: Import;
}

function report(circle: readonly Passage[]): void {
  const { file, one } = circle.at(-1)!;
  const names = [...circle, circle[0]!].map((passage) => passage.file.source.file);
  const message =
    circle.length === 1
      ? `import '${one.name}' is this file itself`
      : `import '${one.name}' leads back to ${names[0]!}, from where this file is imported`;
  file.findings.error(one.srcSpan, message, {
    hint: `this would never end: ${names.join(' → ')}`,
    related: circle
      .slice(0, -1)
      .map((passage) => ({ message: 'imported here', span: passage.one.srcSpan })),
  });
}
