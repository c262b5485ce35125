// Asks the api for jobs and does them.
const api = `http://${process.env.CONTINUO_API_HOST}:${process.env.CONTINUO_API_PORT}`;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

process.on('SIGTERM', () => {
  console.log('going home');
  process.exit(0);
});

console.log(`waiting for jobs from ${api}`);
for (;;) {
  const response = await fetch(`${api}/jobs/next`);
  if (response.status === 204) {
    await pause(50);
    continue;
  }
  const { id, order } = await response.json();
  await pause(200 * order.count);
  await fetch(`${api}/jobs/${id}/done`, { method: 'POST' });
  console.log(`job ${id}: packed ${order.count} ${order.what}`);
}
