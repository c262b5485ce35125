import type { FastifyInstance } from 'fastify';
import type { IndexedRun } from '../run-table.ts';
import type { RunAnswers } from './parts.ts';

const most = 50;

/** The first page of a browser: the latest runs, and the ways to what is known of each. */
export function frontRoutes(scope: FastifyInstance, { index }: RunAnswers): void {
  scope.get('/', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(page(await index.list({ limit: most }))),
  );
}

// Nothing of it runs, and nothing is styled: the policy of every answer lets nothing inline do so.
const page = (runs: readonly IndexedRun[]): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Continuo</title>
<h1>Continuo</h1>
${runs.length === 0 ? '<p>There are no runs yet.</p>' : table(runs)}
<p><a href="/api/v1/openapi.json">What the server can be asked</a></p>
</html>
`;

const table = (runs: readonly IndexedRun[]): string => `<table>
<thead><tr><th>started<th>pipeline<th>outcome<th>more</thead>
<tbody>
${runs.map(row).join('\n')}
</tbody>
</table>`;

function row({ id, pipeline, outcome, startedAt }: IndexedRun): string {
  const at = `/api/v1/runs/${id}`;
  const time = new Date(startedAt).toISOString();
  const links = [
    [at, 'details'],
    [`${at}/logs`, 'log'],
    [`${at}/tests`, 'tests'],
    [`${at}/plan`, 'plan'],
  ].map(([href, text]) => `<a href="${href}">${text}</a>`);
  return `<tr><td><time datetime="${time}">${time.slice(0, 19).replace('T', ' ')}</time><td>${escaped(pipeline)}<td>${outcome}<td>${links.join(' ')}`;
}

const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
