/** nginx as a target, if it is installed: it answers with a fraction of the generator's CPU. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

export interface BenchTarget {
  readonly name: string;
  readonly url: string;
  stop(): Promise<void>;
}

const startsWithinMs = 5000;

/** Undefined if it is not installed. Throws if it does not start. */
export async function startNginx(): Promise<BenchTarget | undefined> {
  const version = /nginx\/\S+/.exec(String(spawnSync('nginx', ['-v']).stderr))?.[0];
  if (version === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'loadwright-nginx-'));
  const port = await freePort();
  writeFileSync(join(folder, 'nginx.conf'), configuration(port));
  const child = spawn('nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  };
  const url = `http://127.0.0.1:${port}`;
  const untilMs = performance.now() + startsWithinMs;
  while (
    !(await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (performance.now() < untilMs && child.exitCode === null) await setTimeout(20);
    else {
      await stop();
      throw new Error(`${version} does not answer at ${url}`);
    }
  }
  return { name: version, url, stop };
}

/** A small JSON document, over persistent connections. */
function configuration(port: number): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
worker_processes 1;
pid nginx.pid;
events { worker_connections 8192; }
http {
  access_log off;
  keepalive_timeout 120s;
  keepalive_requests 1000000000;
  ${paths.map((name) => `${name}_temp_path ${name};`).join('\n  ')}
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      default_type application/json;
      return 200 '{"response":"Oatmeal with a banana, two hours before the run."}';
    }
  }
}
`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
