/** Serves a page of metrics of 16 MB: 160 000 series and a growing counter. Ends with its parent. */
import { createServer } from 'node:http';
import { serveParent } from './child.ts';

const sizeBytes = 16 * 2 ** 20;

function filler(): string {
  const lines: string[] = [];
  let length = 0;
  for (let i = 0; length < sizeBytes; i++) {
    const line = `http_requests_seconds_bucket{handler="/api/v1/items/${i % 5000}",code="200",le="0.25",pod="web-${i}"} ${i}\n`;
    lines.push(line);
    length += line.length;
  }
  return lines.join('');
}

const rest = Buffer.from(filler());
let asked = 0;

serveParent(
  createServer((request, response) => {
    request.resume();
    asked += 1;
    const own = `requests_total{hit="true"} ${3 * asked}\nrequests_total{hit="false"} ${asked}\n`;
    response.writeHead(200, {
      'content-type': 'text/plain; version=0.0.4',
      'content-length': own.length + rest.length,
    });
    response.write(own);
    response.end(rest);
  }),
);
