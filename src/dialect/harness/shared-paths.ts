import { isTask, nodesOf } from '../../plan/order.ts';
import { brief } from '../common/brief.ts';
import { child, members, ownerSpan } from '../common/tree.ts';
import { aboutOf } from './place.ts';
import { filledText, toSpan } from './texts.ts';

import type { Group, SharedFolder } from '../../plan/plan.ts';
import type { Spot } from '../common/tree.ts';
import type { Place } from './place.ts';

/** The folders that the containers of a stage share by its `sharedPaths`. */
export function toSharedFolders(spec: Spot | undefined, place: Place): readonly SharedFolder[] {
  return pathsIn(spec).flatMap(({ spot, path }, at): readonly SharedFolder[] => {
    if (path.startsWith('/') && withoutEnd(path) !== '/')
      return [{ name: `shared-${at + 1}`, target: withoutEnd(path), onPath: false }];
    place.reading.findings.error(
      toSpan(spot),
      `${aboutOf(place)}: \`${brief(path)}\` cannot be shared`,
      { hint: 'a path in containers, absolute, and not the whole of them' },
    );
    return [];
  });
}

/**
 * Warns of shared paths that a step or service of this machine names: there it is the machine's own
 * folder, which we must not make nor clear away.
 */
export function tellUnshared(spec: Spot | undefined, root: Group, place: Place): void {
  const paths = pathsIn(spec);
  if (paths.length === 0) return;
  const here = [...nodesOf(root)]
    .filter(isTask)
    .filter(({ command }) => command.image === undefined)
    .map(({ name, command }) => ({ name, words: JSON.stringify(command) }));
  for (const { spot, path } of paths) {
    const target = withoutEnd(path);
    const who = here.find(({ words }) => names(words, target));
    if (who)
      place.reading.findings.warning(
        toSpan(spot),
        `${aboutOf(place)}: '${who.name}' runs on this machine, where \`${brief(target)}\` is not what the containers share`,
        {
          hint: 'give it an `image`, or hand files over in the workspace, which all of them share',
        },
      );
  }
}

/** Warns of `sharedPaths` of a step group. */
export function tellSharedByGroup(body: Spot, place: Place): void {
  const written = child(body, 'sharedPaths');
  if (written && pathsIn(body).length > 0)
    place.reading.findings.warning(
      ownerSpan(written),
      `${aboutOf(place)}: \`sharedPaths\` of a group are not shared here`,
      { hint: 'give them to the `spec` of the stage' },
    );
}

function pathsIn(
  owner: Spot | undefined,
): readonly { readonly spot: Spot; readonly path: string }[] {
  return members(owner && child(owner, 'sharedPaths')).flatMap((spot) => {
    const path = filledText(spot);
    return path === undefined ? [] : [{ spot, path }];
  });
}

const withoutEnd = (path: string): string => path.replace(/(?<=.)\/+$/, '');

/** Whether a text names a path, or something in it. */
function names(text: string, path: string): boolean {
  for (let at = text.indexOf(path); at >= 0; at = text.indexOf(path, at + 1))
    if (!/[\w.-]/.test(text[at + path.length] ?? '') && !/[\w.~-]/.test(text[at - 1] ?? ''))
      return true;
  return false;
}
