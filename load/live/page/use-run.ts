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
  const words = new URLSearchParams(load === undefined ? { run } : { run, load });
  const events = new RunEvents(`/events?${words.toString()}`, {
    watched: () => watched,
    change: (next) => {
      watched = { ...watched, ...next };
      // A hidden page is drawn when it is visible again.
      if (!document.hidden) onChange(watched);
    },
  });
  // After a sleep a connection may be dead without an event.
  const look = ({ timeStamp }: Event): void => {
    if (document.hidden) return;
    onChange(watched);
    if (watched.connection !== 'gone' && events.isSilent(timeStamp)) events.open();
  };
  events.open();
  document.addEventListener('visibilitychange', look);
  addEventListener('online', look);
  addEventListener('focus', look);
  return () => {
    events.close();
    document.removeEventListener('visibilitychange', look);
    removeEventListener('online', look);
    removeEventListener('focus', look);
  };
}

interface Changing {
  readonly watched: () => Watched;
  readonly change: (next: Partial<Watched>) => void;
}

/** The server's events of one run, over the connection that was opened last. */
class RunEvents {
  private readonly url: string;
  private readonly run: Changing;
  private source: EventSource | undefined;
  private heardMs = 0;

  constructor(url: string, run: Changing) {
    this.url = url;
    this.run = run;
  }

  open(): void {
    this.close();
    const { watched, change } = this.run;
    const source = new EventSource(this.url);
    this.source = source;
    source.addEventListener('whole', ({ data, timeStamp }: MessageEvent<string>) => {
      this.heardMs = timeStamp;
      change({ state: JSON.parse(data) as RunState, connection: 'open' });
    });
    source.addEventListener('patch', ({ data, timeStamp }: MessageEvent<string>) => {
      this.heardMs = timeStamp;
      const { state } = watched();
      if (state !== undefined) change({ state: patched(state, JSON.parse(data) as RunPatch) });
    });
    source.addEventListener('sign', ({ timeStamp }) => {
      this.heardMs = timeStamp;
    });
    source.addEventListener('bye', () => {
      source.close();
      change({ connection: 'gone' });
    });
    source.addEventListener('error', () => {
      if (watched().connection !== 'gone') change({ connection: 'lost' });
    });
  }

  isSilent(nowMs: number): boolean {
    return nowMs - this.heardMs > silenceMs || this.source?.readyState === EventSource.CLOSED;
  }

  close(): void {
    this.source?.close();
  }
}
