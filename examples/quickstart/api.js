// A queue of jobs behind HTTP. It takes a second before it listens, as real servers do.
import { createServer } from 'node:http';

const port = Number(process.env.PORT);
const jobs = [];

function answer(request, response) {
  const { pathname } = new URL(request.url, 'http://api');
  const job = jobs[Number(/^\/jobs\/(\d+)/.exec(pathname)?.[1])];
  const route = `${request.method} ${pathname.replace(/\d+/, 'N')}`;

  if (route === 'GET /healthz') return send(response, 200, { ok: true });
  if (route === 'POST /jobs') return take(request, response);
  if (route === 'GET /jobs/next') {
    const next = jobs.find(({ state }) => state === 'open');
    if (next) next.state = 'taken';
    return send(response, next ? 200 : 204, next);
  }
  if (!job) return send(response, 404, { error: 'no such job' });
  if (route === 'POST /jobs/N/done') job.state = 'done';
  return send(response, 200, job);
}

async function take(request, response) {
  const parts = await request.toArray();
  const job = { id: jobs.length, state: 'open', order: JSON.parse(parts.join('')) };
  jobs.push(job);
  console.log(`job ${job.id}: ${job.order.count} ${job.order.what}`);
  send(response, 201, job);
}

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body && JSON.stringify(body));
}

const server = createServer(answer);
console.log('loading the catalogue');
setTimeout(() => server.listen(port, () => console.log(`listening on port ${port}`)), 1000);

process.on('SIGTERM', () => {
  console.log(`closing after ${jobs.length} jobs`);
  process.exit(0);
});
