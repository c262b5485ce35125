import { plainText } from './plain-text.ts';
import { cixDuration } from './durations.ts';

import type { OnExit, Probe, ProbeTarget, Service, StopRule } from '../../plan/plan.ts';
import type { Written } from './write-yaml.ts';

/** What a service says about itself, in words that both languages have. Defaults are left out. */
export function serviceWords({ ready, stop, scope }: Service): { readonly [key: string]: Written } {
  const probes = ready.map(probeWords);
  const [first, ...more] = probes;
  return {
    ...(first !== undefined && { ready: more.length > 0 ? probes : first }),
    ...stopWords(stop),
    ...(scope === 'group' && { scope }),
  };
}

/** What is done when a service ends before its time. */
export function onExitWords(onExit: OnExit): Written {
  if (onExit.kind !== 'restart') return onExit.kind;
  const { times, backoffMs } = onExit;
  if (times === 5 && backoffMs === 1_000) return 'restart';
  return { restart: times, ...(backoffMs !== 1_000 && { backoff: cixDuration(backoffMs) }) };
}

function stopWords({ signal, graceMs }: StopRule): { readonly stop?: Written } {
  const words = {
    ...(signal !== 'TERM' && { signal }),
    ...(graceMs !== 10_000 && { grace: cixDuration(graceMs) }),
  };
  return Object.keys(words).length > 0 ? { stop: words } : {};
}

const probeWords = (probe: Probe): Written => ({
  ...targetWords(probe),
  ...(probe.intervalMs !== undefined && { interval: cixDuration(probe.intervalMs) }),
  ...(probe.timeoutMs !== 60_000 && { timeout: cixDuration(probe.timeoutMs) }),
});

function targetWords(target: ProbeTarget): { readonly [key: string]: Written } {
  switch (target.kind) {
    case 'tcp':
      return { tcp: tcpWords(target) };
    case 'http':
      return { http: httpWords(target) };
    case 'exec':
      return {
        exec:
          target.run.kind === 'argv'
            ? target.run.argv.map(plainText)
            : target.run.lines.map((line) => plainText([line].flat())).join('\n'),
      };
    case 'log':
      return { log: target.pattern };
    case 'health':
      return { health: true };
  }
}

function tcpWords({ host, port }: { readonly host: string; readonly port: number }): Written {
  if (host === 'localhost') return port;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function httpWords(target: Extract<ProbeTarget, { kind: 'http' }>): Written {
  const { url, status, headers, body } = target;
  const [only, ...more] = status;
  if (only === undefined && Object.keys(headers).length === 0 && body === undefined) return url;
  return {
    url,
    ...(only !== undefined && { status: more.length > 0 ? status : only }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(body !== undefined && { body }),
  };
}
