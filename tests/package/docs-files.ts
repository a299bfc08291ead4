/** Files of others that the commands of the docs read. */
const recorded = {
  log: {
    version: '1.2',
    creator: { name: 'a browser', version: '1' },
    entries: [
      {
        startedDateTime: '2026-01-01T00:00:00.000Z',
        time: 5,
        request: {
          method: 'GET',
          url: 'http://localhost:3000/items',
          httpVersion: 'HTTP/1.1',
          headers: [],
          queryString: [],
          cookies: [],
          headersSize: -1,
          bodySize: 0,
        },
        response: {
          status: 200,
          statusText: 'OK',
          httpVersion: 'HTTP/1.1',
          headers: [],
          cookies: [],
          content: { size: 2, mimeType: 'application/json', text: '{}' },
          redirectURL: '',
          headersSize: -1,
          bodySize: 2,
        },
        cache: {},
        timings: { send: 0, wait: 5, receive: 0 },
      },
    ],
  },
};

/** A browser saves a recorded session like this. */
export const recordedSession = JSON.stringify(recorded);

/** Locust saves statistics like these, with this p95. */
export const statsCsv = (p95: number): string =>
  [
    'Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,' +
      'Max Response Time,Average Content Size,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%',
    `GET,/items,300,0,100,110,50,${p95},2,5,0,100,110,120,130,140,${p95},${p95},${p95},${p95},${p95},${p95}`,
    `,Aggregated,300,0,100,110,50,${p95},2,5,0,100,110,120,130,140,${p95},${p95},${p95},${p95},${p95},${p95}`,
    '',
  ].join('\n');
