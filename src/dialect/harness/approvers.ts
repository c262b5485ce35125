import { child, members, ownerSpan, textOf } from '../common/tree.ts';
import { aboutOf } from './place.ts';
import { filledText } from './texts.ts';

import type { Spot } from '../common/tree.ts';
import type { Place } from './place.ts';

const whoAnswers = 'here whoever runs the pipeline answers, and one answer is enough';

/**
 * Warns of what an approval asks of those who give it and what cannot be kept: there is one person at the
 * terminal, and nobody here knows who that is.
 */
export function warnOfApprovers(spec: Spot, place: Place): void {
  const warn = (spot: Spot, message: string, hint?: string): void =>
    place.reading.findings.warning(ownerSpan(spot), `${aboutOf(place)}: ${message}`, { hint });
  const approvers = child(spec, 'approvers');
  const minimum = approvers && child(approvers, 'minimumCount');
  if (minimum && Number(textOf(minimum)) > 1)
    warn(minimum, `\`minimumCount\` of ${textOf(minimum)} cannot be kept`, whoAnswers);
  const disallow = approvers && child(approvers, 'disallowPipelineExecutor');
  if (disallow && textOf(disallow) === 'true')
    warn(disallow, '`disallowPipelineExecutor` cannot be kept', whoAnswers);
  for (const key of ['userGroups', 'serviceAccounts', 'disallowedUserEmails']) {
    const named = approvers && child(approvers, key);
    const isSomebody = members(named).length > 0 || filledText(named) !== undefined;
    if (named && isSomebody) warn(named, `\`${key}\` is not looked at`, whoAnswers);
  }
  const auto = child(spec, 'autoApproval');
  if (auto && auto.tree.kind === 'map')
    warn(auto, '`autoApproval` cannot be kept', 'with `--approve` it is approved beforehand');
  const rejects = child(spec, 'isAutoRejectEnabled');
  if (rejects && textOf(rejects) === 'true')
    warn(rejects, '`isAutoRejectEnabled` cannot be kept', 'other runs that wait go on waiting');
}
