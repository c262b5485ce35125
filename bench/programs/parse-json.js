// Parses a file of JSON, each time anew: parse-json.js FILE TIMES
import { readFileSync } from 'node:fs';

const text = readFileSync(process.argv[2], 'utf8');
for (let times = Number(process.argv[3]); times > 0; times -= 1) JSON.parse(text);
