/** Bodies that are read chunk by chunk, and answers that the task judges itself. */
import { expect, test } from '@playwright/test';
import type { Answer } from '../../load/clients/http/http.ts';
import {
  httpServer,
  notOk,
  readByClient,
  TestLoad,
  verdict,
  type TestServer,
} from './client-harness.ts';

/** Sends answers in pieces, each when the test says so. */
async function inPieces(pieces: readonly string[], status = 200) {
  const waiting: (() => void)[] = [];
  const server = await httpServer((_, response) => {
    response.writeHead(status, { 'content-type': 'text/event-stream' });
    let sent = 0;
    const sendNext = (): void => {
      response.write(pieces[sent++]);
      if (sent < pieces.length) waiting.push(sendNext);
      else response.end();
    };
    sendNext();
  });
  return { server, sendNext: () => waiting.shift()?.() };
}

async function withLoad(server: TestServer, body: (load: TestLoad) => Promise<void>) {
  const load = new TestLoad({ url: server.url });
  try {
    await body(load);
    expect(load.lost).toBe(0);
    expect(load.recorder.inFlight).toBe(0);
  } finally {
    load.close();
    await server.close();
  }
}

test('a chunk is seen as it arrives, with its time, and nothing is kept', async () => {
  const { server, sendNext } = await inPieces(['one', 'two', 'three']);
  await withLoad(server, async (load) => {
    const seen: { text: string; atMs: number }[] = [];
    const reply = await load.newUser().http.post('/', {
      // The server sends the next only when this one was received, so a chunk held back would block it.
      onChunk: (bytes, atMs) => {
        seen.push({ text: Buffer.from(bytes).toString(), atMs });
        sendNext();
      },
    });
    expect(seen.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
    const times = seen.map(({ atMs }) => atMs);
    const { startedAtMs, endedAtMs, bytesReceived } = load.last;
    const inOrder = [startedAtMs, ...times, endedAtMs];
    expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b));
    expect([reply.bytes.length, bytesReceived]).toEqual([0, 11]);
  });
});

test('the body of an error is kept for its message, and no chunk of it is handed out', async () => {
  const { server } = await inPieces(['overloaded'], 500);
  await withLoad(server, async (load) => {
    let chunks = 0;
    const sample = await notOk(load.newUser().http.get('/', { onChunk: () => (chunks += 1) }));
    expect([verdict(sample), sample.errorDetail, chunks]).toEqual([
      'failed status 500',
      'overloaded',
      0,
    ]);
  });
});

test('a reader that throws ends its request, and no other', async () => {
  const { server } = await inPieces(['one']);
  await withLoad(server, async (load) => {
    const { http } = load.newUser();
    const onChunk = (): never => {
      throw new Error('not understood');
    };
    const sample = await notOk(http.get('/', { onChunk }));
    expect([verdict(sample), sample.errorDetail]).toEqual([
      'failed task',
      'onChunk: not understood',
    ]);
    expect((await http.get('/')).text()).toBe('one');
  });
});

test('a task may judge an answer itself, whatever its status', async () => {
  const server = await httpServer(({ request }, response) => {
    response.writeHead(request.url === '/bad' ? 500 : 200).end('vector store timeout');
  });
  await withLoad(server, async (load) => {
    const { http } = load.newUser();
    const looked: (string | number)[] = [];
    const unjudged = http.get('/bad', {
      judge: ({ status, bytes }) => {
        looked.push(status, Buffer.from(bytes).toString());
        return undefined;
      },
    });
    expect(verdict(await notOk(unjudged))).toBe('failed status 500');
    expect(looked).toEqual([500, 'vector store timeout']);
    const failed = http.get('/', {
      judge: () => ({ outcome: 'failed', kind: 'application', detail: 'timeout inside' }),
    });
    expect(verdict(await notOk(failed))).toBe('failed application');
    expect(load.last.errorDetail).toBe('timeout inside');
    const reply = await http.get('/bad', { judge: () => ({ outcome: 'ok', body: 42 }) });
    expect([reply.status, reply.body, load.last.outcome]).toEqual([500, 42, 'ok']);
  });
});

test('what a judge measures belongs to its request; one that throws loses nothing', async () => {
  const { server } = await inPieces(['one']);
  await withLoad(server, async (load) => {
    const { http } = load.newUser();
    await http.get('/', {
      judge: (answer) => {
        answer.add('ttft', answer.endedAtMs - answer.startedAtMs);
        return undefined;
      },
    });
    expect(load.last.valueOf('ttft')).toBe(load.last.endedAtMs - load.last.startedAtMs);
    const judge = (): never => {
      throw new Error('no such field');
    };
    expect(verdict(await notOk(http.get('/', { judge })))).toBe('failed task');
    expect(load.last.errorDetail).toContain('no such field');
  });
});

test('what came of an answer that broke off is shown; one who throws at it loses nothing', async () => {
  const server = await httpServer((_, response) => {
    response.writeHead(200, { 'content-length': '9' }).write('one');
    void readByClient(response.socket!).then(() => response.destroy());
  });
  await withLoad(server, async (load) => {
    const { http } = load.newUser();
    const looked: (string | number)[] = [];
    const onBroken = (answer: Answer): void => {
      looked.push(answer.status, Buffer.from(answer.bytes).toString());
      answer.add('ttft', 7);
    };
    const judge = (): never => {
      throw new Error('judges complete answers only');
    };
    const broken = await notOk(http.get('/', { judge, onBroken }));
    expect([verdict(broken), looked]).toEqual(['invalid truncated', [200, 'one']]);
    expect(broken.valueOf('ttft')).toBe(7);
    const thrown = await notOk(http.get('/', { onBroken: judge }));
    expect(verdict(thrown)).toBe('failed task');
    expect(thrown.errorDetail).toContain('onBroken: ');
  });
});
