/** A run that is kept up to date by the server's events. It reconnects by itself after a sleep or a reload. */
import { useEffect, useState } from 'preact/hooks';
import { patched, type RunPatch, type RunState } from '../page-state.ts';

/** `lost`: no events arrive, and the browser reconnects. `gone`: the server has announced its end. */
export type Connection = 'open' | 'lost' | 'gone';

export interface Watched {
  readonly state: RunState | undefined;
  readonly connection: Connection;
}

/** The server sends something at least every five seconds. */
const silenceMs = 15_000;

export function useRun(run: string, load: string | undefined): Watched {
  const [watched, setWatched] = useState<Watched>({ state: undefined, connection: 'open' });
  useEffect(() => watchRun(run, load, setWatched), [run, load]);
  return watched;
}

function watchRun(
  run: string,
  load: string | undefined,
  onChange: (watched: Watched) => void,
): () => void {
  let watched: Watched = { state: undefined, connection: 'open' };
  let source: EventSource | undefined;
  let heardMs = 0;
  const change = (next: Partial<Watched>): void => {
    watched = { ...watched, ...next };
    // A hidden page is drawn when it is visible again.
    if (!document.hidden) onChange(watched);
  };
  const words = new URLSearchParams(load === undefined ? { run } : { run, load });
  const open = (): void => {
    source?.close();
    const own = new EventSource(`/events?${words.toString()}`);
    source = own;
    own.addEventListener('whole', ({ data, timeStamp }: MessageEvent<string>) => {
      heardMs = timeStamp;
      change({ state: JSON.parse(data) as RunState, connection: 'open' });
    });
    own.addEventListener('patch', ({ data, timeStamp }: MessageEvent<string>) => {
      heardMs = timeStamp;
      if (watched.state === undefined) return;
      change({ state: patched(watched.state, JSON.parse(data) as RunPatch) });
    });
    own.addEventListener('sign', ({ timeStamp }) => {
      heardMs = timeStamp;
    });
    own.addEventListener('bye', () => {
      own.close();
      change({ connection: 'gone' });
    });
    own.addEventListener('error', () => {
      if (watched.connection !== 'gone') change({ connection: 'lost' });
    });
  };
  // After a sleep a connection may be dead without an event.
  const look = ({ timeStamp }: Event): void => {
    if (document.hidden) return;
    onChange(watched);
    const isSilent = timeStamp - heardMs > silenceMs || source?.readyState === EventSource.CLOSED;
    if (watched.connection !== 'gone' && isSilent) open();
  };
  open();
  document.addEventListener('visibilitychange', look);
  addEventListener('online', look);
  addEventListener('focus', look);
  return () => {
    source?.close();
    document.removeEventListener('visibilitychange', look);
    removeEventListener('online', look);
    removeEventListener('focus', look);
  };
}
