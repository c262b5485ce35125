// Is the api there, and does it know what it does not have?
import assert from 'node:assert/strict';

const api = `http://${process.env.CONTINUO_API_HOST}:${process.env.CONTINUO_API_PORT}`;

const health = await fetch(`${api}/healthz`);
assert.deepEqual(await health.json(), { ok: true });

const unknown = await fetch(`${api}/jobs/999`);
assert.equal(unknown.status, 404);

console.log('the api is well');
