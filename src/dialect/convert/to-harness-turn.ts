import { harnessText } from './harness-writer.ts';
import { harnessDuration } from './durations.ts';
import { splitItems } from '../../expression/turns.ts';
import { toHarnessCondition } from './to-harness-condition.ts';

import type { Group, Measured, Node, Quantity, Repeat, RunStep } from '../../plan/plan.ts';
import type { HarnessWriter } from './harness-writer.ts';
import type { Part } from './losses.ts';
import type { Written } from './write-yaml.ts';

type Words = { readonly [key: string]: Written };

/** What stands around the settings of a step or a group: when, how often, how long, and what if it fails. */
export function turnWords(node: Node, part: Part, writer: HarnessWriter): Words {
  const timeoutMs = node.kind === 'run' || node.kind === 'group' ? node.timeoutMs : undefined;
  return {
    ...(node.repeat && { strategy: strategyOf(node.repeat, part, writer) }),
    ...(node.when && {
      when: { stageStatus: 'Success', condition: toHarnessCondition(node.when, part, writer) },
    }),
    ...(timeoutMs !== undefined && { timeout: timeoutOf(timeoutMs, part, writer) }),
    ...(node.kind === 'run' && failuresOf(node, part, writer)),
    ...(node.kind === 'group' && groupFailuresOf(node, part, writer)),
  };
}

/** What copies are told, as expressions. */
export function localOf(node: Node, writer: HarnessWriter, part: Part): HarnessWriter {
  const { repeat } = node;
  if (!repeat) return writer;
  if (writer.local.size > 0)
    writer.losses.tell(
      part,
      ['loop', 'for-each'],
      'copies within copies are not told what those around them are',
      'in Harness, `<+repeat.item>` and `<+strategy.iteration>` are of the innermost',
    );
  const { over, counter, order } = repeat;
  const isKept = node.kind === 'run' && node.continueOnFail === true;
  if (order === 'serial' && !isKept)
    writer.losses.once(
      part,
      ['loop', 'for-each'],
      'in Harness, the copies that follow run although one has failed',
    );
  const told: [string, string][] = [
    ...(over.kind === 'each' ? [[over.element, 'repeat.item'] as [string, string]] : []),
    ...(counter === undefined ? [] : [[counter, '<+strategy.iteration> + 1'] as [string, string]]),
  ];
  return { ...writer, local: new Map([...writer.local, ...told]) };
}

function strategyOf({ over, order }: Repeat, part: Part, writer: HarnessWriter): Written {
  const most = order === 'serial' ? { maxConcurrency: 1 } : {};
  if (over.kind === 'times')
    return { repeat: { times: countOf(over.times, part, ['loop'], writer), ...most } };
  const { items } = over;
  if ('commaSeparated' in items) {
    const text = harnessText(items.commaSeparated, part, ['for-each'], writer);
    const isKnown = items.commaSeparated.every((piece) => typeof piece === 'string');
    return { repeat: { items: isKnown ? splitItems(text) : text, ...most } };
  }
  const texts = items
    .map((item) => harnessText(item, part, ['for-each'], writer))
    .filter((item) => item !== '');
  return { repeat: { items: texts, ...most } };
}

function countOf(
  quantity: Quantity,
  part: Part,
  keys: readonly string[],
  writer: HarnessWriter,
): Written {
  return typeof quantity === 'number' ? quantity : harnessText(quantity.text, part, keys, writer);
}

function timeoutOf(
  quantity: Quantity,
  part: Part,
  writer: HarnessWriter,
  keys = ['timeout'],
): string {
  if (typeof quantity === 'number') return harnessDuration(quantity);
  const text = harnessText(quantity.text, part, keys, writer);
  return /\w$/.test(text) && !/^\d+$/.test(text) ? text : `${text}s`;
}

type Attempts = Pick<RunStep, 'retry' | 'continueOnFail'>;

function failuresOf(node: Attempts, part: Part, writer: HarnessWriter): Words {
  const end = node.continueOnFail === true ? 'Ignore' : undefined;
  const again = retryOf(node, part, writer);
  if (again)
    return strategies('Retry', {
      ...again,
      onRetryFailure: { action: { type: end ?? 'MarkAsFailure' } },
    });
  return end === undefined ? {} : strategies(end);
}

function groupFailuresOf(node: Group, part: Part, writer: HarnessWriter): Words {
  if (node.continueOnFail === true)
    writer.losses.tell(
      part,
      ['continue-on-fail'],
      'a failure in it fails the pipeline: in Harness, `Ignore` of a group would be for each of its steps',
    );
  const again = retryOf(node, part, writer);
  return again
    ? strategies('RetryStepGroup', {
        ...again,
        onRetryStepGroupFailure: { action: { type: 'MarkAsFailure' } },
      })
    : {};
}

const strategies = (type: string, spec?: Words): Words => ({
  failureStrategies: [
    { onFailure: { errors: ['AllErrors'], action: { type, ...(spec && { spec }) } } },
  ],
});

function retryOf({ retry }: Attempts, part: Part, writer: HarnessWriter): Words | undefined {
  if (!retry) return undefined;
  const { attempts, backoffMs } = retry;
  if (typeof attempts === 'number' && attempts <= 1) return undefined;
  const pause = backoffMs === 0 ? undefined : timeoutOf(backoffMs, part, writer, ['retry.backoff']);
  return {
    retryCount: typeof attempts === 'number' ? attempts - 1 : oneLess(attempts, part, writer),
    ...(pause !== undefined && { retryIntervals: [pause] }),
  };
}

/** CIX counts the first attempt, too. */
const oneLess = ({ text }: Measured, part: Part, writer: HarnessWriter): string =>
  `<+${harnessText(text, part, ['retry.iterations'], writer)} - 1>`;
