/** The scripted server for a test: its address, its report, and how to end it. */
import type { ChildProcess } from 'node:child_process';
import { endChild, messageFrom, startChild } from './child.ts';
import type { ServerReport, ServerScript } from './scripted-server.ts';

export interface LocalServer {
  readonly url: string;
  report(): Promise<ServerReport>;
}

/** Runs `use` with separate server processes, all ready before it begins and ended after it. */
export async function withServers<T>(
  scripts: readonly ServerScript[],
  use: (servers: readonly LocalServer[]) => Promise<T>,
): Promise<T> {
  const children = scripts.map((script) => startChild('./scripted-server.ts', script));
  try {
    const ready = await Promise.all(children.map((child) => messageFrom<{ port: number }>(child)));
    return await use(children.map((child, i) => serverOf(child, ready[i]!.port)));
  } finally {
    await Promise.all(children.map(endChild));
  }
}

export function withServer<T>(
  script: ServerScript,
  use: (server: LocalServer) => Promise<T>,
): Promise<T> {
  return withServers([script], ([server]) => use(server!));
}

function serverOf(child: ChildProcess, port: number): LocalServer {
  return {
    url: `http://127.0.0.1:${port}`,
    report: () => {
      const report = messageFrom<ServerReport>(child);
      child.send('report');
      return report;
    },
  };
}
