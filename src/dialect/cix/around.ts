import type { Around, FactVariable, Plan } from '../../plan/plan.ts';

/** What CIX lets every step find: its variables, its folders, and names that begin with `cix`. */
export const around: Around = {
  prefix: 'cix',
  folders: [
    { name: 'tmp', target: '/cix/tmp', onPath: false },
    { name: 'bin', target: '/cix/bin', onPath: true },
  ],
  environment: [
    { name: 'CIX_CONTAINER_NAME', is: { kind: 'container' } },
    { name: 'CIX_STEP_NAME', is: { kind: 'task' } },
    { name: 'CIX_WORKDIR', is: { kind: 'working-dir' } },
    { name: 'CIX_WORKSPACE', is: { kind: 'workspace' } },
    { name: 'CIX_TEMP', is: { kind: 'folder', name: 'tmp' } },
    { name: 'CIX_EXECUTION_ID', is: { kind: 'run' } },
    { name: 'CIX_HOSTNAME', is: { kind: 'machine' } },
    // Where its server listens unless it is told otherwise.
    { name: 'CIX_SERVER_PORT', is: { kind: 'text', text: '10030' } },
    { name: 'CIX_NETWORK_NAME', is: { kind: 'network' } },
  ],
};

/** A server as somebody named it who asked it. */
export interface Served {
  readonly host?: string;
  readonly port?: number;
}

/** A plan whose steps are told that this server has them run. One of another language stays as it is. */
export function servedBy(plan: Plan, { host, port }: Served): Plan {
  const told = new Map([
    ['CIX_HOSTNAME', host],
    ['CIX_SERVER_PORT', port === undefined ? undefined : String(port)],
  ]);
  const stages = plan.stages.map((stage) => {
    const { around: known } = stage;
    if (!known || known.prefix !== around.prefix) return stage;
    const environment = known.environment.map((each): FactVariable => {
      const text = told.get(each.name);
      return text === undefined ? each : { ...each, is: { kind: 'text', text } };
    });
    return { ...stage, around: { ...known, environment } };
  });
  return { ...plan, stages };
}
