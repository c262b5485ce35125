// An HTTP API in front of a PostgreSQL: GET answers with all fruit, as JSON.
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import process from 'node:process';

const { CONTINUO_POSTGRES_HOST: host, CONTINUO_POSTGRES_PORT: port, PORT } = process.env;
const query = 'select json_agg(fruit order by name) from fruit';

createServer((_request, response) => {
  const words = ['-h', host, '-p', port, '-U', 'postgres', '-At', '-c', query];
  execFile('psql', words, (error, stdout, stderr) => {
    response.statusCode = error ? 500 : 200;
    response.end(error ? stderr : stdout);
  });
}).listen(Number(PORT));
