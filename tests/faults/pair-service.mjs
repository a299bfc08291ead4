/** One side of a pair, as a team's own command starts it: `node pair-service.mjs --delay 5 --as html`. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    delay: { type: 'string', default: '5' },
    /** `html`: a page in place of JSON; `long`: another endpoint; `fails`: exits at once; `mute`: never listens. */
    as: { type: 'string', default: 'json' },
    /** Exits after so many answers. */
    dies: { type: 'string', default: '0' },
    /** A file for the number of its process. */
    pid: { type: 'string' },
  },
});
if (values.pid !== undefined) writeFileSync(values.pid, String(process.pid));
if (values.as === 'fails') {
  process.stderr.write('no such database\n');
  process.exit(3);
}
const json = { 'content-type': 'application/json' };
let answers = 0;

const server = createServer((request, response) => {
  if (request.url === '/health') {
    response.end('up');
    return;
  }
  setTimeout(() => {
    answers += 1;
    if (values.as === 'html') {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>log in</html>');
    } else {
      const text = values.as === 'long' ? 'x'.repeat(5000) : 'hello';
      response.writeHead(200, json).end(JSON.stringify({ text }));
    }
    if (answers === Number(values.dies)) process.exit(1);
  }, Number(values.delay));
});

if (values.as === 'mute') setInterval(() => undefined, 1000);
else server.listen(Number(process.env.PORT), '127.0.0.1');
