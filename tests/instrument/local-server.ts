/** The scripted server as a test sees it: an address, what it saw, and an end. */
import { endChild, messageFrom, startChild } from './child.ts';
import type { ServerReport, ServerScript } from './scripted-server.ts';

export interface LocalServer {
  readonly url: string;
  report(): Promise<ServerReport>;
}

/** Runs `use` against a server of its own, which is ended whatever happens. */
export async function withServer<T>(
  script: ServerScript,
  use: (server: LocalServer) => Promise<T>,
): Promise<T> {
  const child = startChild('./scripted-server.ts', script);
  try {
    const { port } = await messageFrom<{ port: number }>(child);
    return await use({
      url: `http://127.0.0.1:${port}`,
      report: () => {
        const report = messageFrom<ServerReport>(child);
        child.send('report');
        return report;
      },
    });
  } finally {
    await endChild(child);
  }
}
