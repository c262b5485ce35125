import { parseHostPort } from './address.ts';
import { toMs } from './values.ts';
import { child, textOf, textsOf } from './tree.ts';

import type {
  Argv,
  OnExit,
  Probe,
  ProbeTarget,
  Script,
  Service,
  StopRule,
} from '../../plan/plan.ts';
import type { ServiceKeys, WrittenHttp, WrittenProbe } from './service-keys.ts';
import type { Spot } from './tree.ts';

/** The part of a service that its own keys decide, with the defaults filled in. */
export const toServiceRules = (
  keys: ServiceKeys,
  ready: Spot | undefined,
): Pick<Service, 'ready' | 'onExit' | 'stop' | 'scope'> => ({
  ready: toProbes(keys.ready, ready),
  onExit: toOnExit(keys.onExit),
  stop: toStopRule(keys.stop),
  scope: keys.scope ?? 'stage',
});

function toProbes(ready: ServiceKeys['ready'], spot: Spot | undefined): readonly Probe[] {
  if (ready === undefined || !spot) return [];
  return Array.isArray(ready)
    ? ready.map((probe, index) => toProbe(probe, child(spot, index)!))
    : [toProbe(ready, spot)];
}

const toProbe = (probe: WrittenProbe, spot: Spot): Probe => ({
  ...toTarget(probe, spot),
  ...(probe.interval !== undefined && { intervalMs: toMs(probe.interval) }),
  timeoutMs: probe.timeout === undefined ? 60_000 : toMs(probe.timeout),
});

function toTarget(probe: WrittenProbe, spot: Spot): ProbeTarget {
  if (probe.tcp !== undefined) return { kind: 'tcp', ...parseHostPort(probe.tcp)! };
  if (probe.http !== undefined) return toHttpTarget(probe.http, child(spot, 'http')!);
  if (probe.exec !== undefined) return { kind: 'exec', run: toProbeCommand(child(spot, 'exec')!) };
  if (probe.log !== undefined) return { kind: 'log', pattern: probe.log };
  return { kind: 'health' };
}

function toHttpTarget(http: WrittenHttp, spot: Spot): ProbeTarget {
  if (typeof http === 'string') return { kind: 'http', url: http, status: [], headers: {} };
  const headers = child(spot, 'headers');
  const names = Object.keys(http.headers ?? {});
  return {
    kind: 'http',
    url: http.url,
    status: [http.status ?? []].flat(),
    headers: Object.fromEntries(
      names.map((name) => [name, textOf(headers && child(headers, name)) ?? '']),
    ),
    ...(http.body !== undefined && { body: http.body }),
  };
}

function toProbeCommand(spot: Spot): Script | Argv {
  const [first, ...rest] = textsOf(spot);
  if (spot.tree.kind === 'list')
    return { kind: 'argv', argv: [[first ?? ''], ...rest.map((word) => [word])] };
  return { kind: 'script', shell: ['/bin/sh'], lines: [first ?? ''], announce: 'minimal' };
}

function toOnExit(onExit: ServiceKeys['onExit'] = 'fail'): OnExit {
  if (onExit === 'restart') return { kind: 'restart', times: 5, backoffMs: 1_000 };
  if (typeof onExit === 'string') return { kind: onExit };
  const { restart, backoff } = onExit;
  return {
    kind: 'restart',
    times: restart,
    backoffMs: backoff === undefined ? 1_000 : toMs(backoff),
  };
}

const toStopRule = (stop: ServiceKeys['stop'] = {}): StopRule => ({
  signal: (stop.signal ?? 'TERM').replace(/^SIG/, ''),
  graceMs: stop.grace === undefined ? 10_000 : toMs(stop.grace),
});
