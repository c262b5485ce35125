import { toServiceRules } from '../common/to-service.ts';
import { toMs } from '../common/values.ts';
import { child, members, textOf, textsOf } from '../common/tree.ts';
import { toText } from './text.ts';

import type { Command, Node, Script, Variable, Where } from '../../plan/plan.ts';
import type { Spot } from '../common/tree.ts';
import type { WrittenStep } from './schema.ts';

/** The step or service that a well-formed `step:` stands for. */
export function toNode(step: WrittenStep, spot: Spot, where: Where): Node {
  const name = textOf(child(spot, 'name')) ?? '';
  const common = {
    id: name,
    name,
    where,
    command: toCommand(step, spot),
    needs: textsOf(child(spot, 'needs')),
  };
  if (step.background === true) {
    const keys = { ...step, onExit: step['on-exit'] };
    return { kind: 'service', ...common, ...toServiceRules(keys, child(spot, 'ready')) };
  }
  const { timeout, retry } = step;
  return {
    kind: 'run',
    ...common,
    ...(timeout !== undefined && { timeoutMs: toMs(timeout) }),
    ...(retry && { retry: { attempts: retry.iterations, backoffMs: toMs(retry.backoff ?? 0) } }),
    continueOnFail: step['continue-on-fail'] ?? false,
  };
}

function toCommand(step: WrittenStep, spot: Spot): Command {
  const user = textOf(child(spot, 'user'));
  const workingDir = step['working-dir'];
  return {
    run: toScript(step, spot),
    environment: members(child(spot, 'environment')).map(toVariable),
    ...(step.image !== undefined && { image: toText(step.image) }),
    ...(workingDir !== undefined && { workingDir }),
    ...(user !== undefined && { user: toText(user) }),
  };
}

function toScript(step: WrittenStep, spot: Spot): Script {
  const [shell = '/bin/sh', ...options] = (step['commands-shell'] ?? '/bin/sh').trim().split(/\s+/);
  return {
    kind: 'script',
    shell: [shell, ...options],
    lines: textsOf(child(spot, 'commands')),
    announce: step['commands-output'] ?? 'timestamp',
  };
}

function toVariable(spot: Spot): Variable {
  const name = textOf(child(spot, 'name')) ?? '';
  const value = textOf(child(spot, 'value'));
  const fallback = textOf(child(spot, 'default'));
  return {
    name,
    value: value === undefined ? [{ variable: name }] : toText(value),
    ...(fallback !== undefined && { fallback: toText(fallback) }),
  };
}
