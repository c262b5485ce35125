// Counts its visitors, and can be made to crash.
import { createServer } from 'node:http';

let visitors = 0;

createServer((request, response) => {
  if (request.url === '/crash') throw new Error('asked to crash');
  visitors += 1;
  response.end(`visitor ${visitors}\n`);
}).listen(Number(process.argv[2]), 'localhost');
