// Opens a port after a while, and writes down when: server.js PORT DELAY-MS FILE
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [port, delayMs, file] = process.argv.slice(2);

setTimeout(() => {
  const server = createServer((_request, response) => response.end('ok'));
  server.listen(Number(port), 'localhost', () => {
    writeFileSync(file, String(performance.timeOrigin + performance.now()));
    console.log('listening');
  });
}, Number(delayMs));
