// An HTTP API in front of a Redis: each GET counts one up and answers with the count.
import { createServer } from 'node:http';
import { connect } from 'node:net';
import process from 'node:process';

const redis = connect(Number(process.env.CONTINUO_REDIS_PORT), process.env.CONTINUO_REDIS_HOST);
const waiting = [];
let heard = '';

redis.setEncoding('utf8').on('data', (text) => {
  const lines = (heard + text).split('\r\n');
  heard = lines.pop();
  for (const line of lines) waiting.shift()?.(line.slice(1));
});

const server = createServer((_request, response) => {
  waiting.push((count) => response.end(`${count}\n`));
  redis.write('INCR visits\r\n');
});

redis.once('connect', () => server.listen(Number(process.env.PORT)));
