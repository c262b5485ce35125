// Orders something, and waits until the worker has packed it.
const api = `http://${process.env.CONTINUO_API_HOST}:${process.env.CONTINUO_API_PORT}`;
const [what, count] = process.argv.slice(2);

const body = JSON.stringify({ what, count: Number(count) });
let job = await (await fetch(`${api}/jobs`, { method: 'POST', body })).json();
while (job.state !== 'done') {
  await new Promise((resolve) => setTimeout(resolve, 50));
  job = await (await fetch(`${api}/jobs/${job.id}`)).json();
}
console.log(`${count} ${what} are packed`);
