/**
 * Server-sent events out of bytes as they arrive. An event carries the time of the chunk in which its
 * last byte came: the time stamp was taken before anything was parsed, and events of one write share it.
 */
import { StringDecoder } from 'node:string_decoder';
import { createParser, type EventSourceParser } from 'eventsource-parser';

/** `name`: of `event:`, `undefined` for a plain message; `id`: of `id:`, where the event has one. */
export type OnEvent = (
  data: string,
  atMs: number,
  name: string | undefined,
  id: string | undefined,
) => void;

const byteOrderMark = '\uFEFF';

export class EventStream {
  // Keeps the first bytes of a character until its others come; a byte that is no text becomes U+FFFD.
  // Not a TextDecoder: each holds a converter of its own, which is a good part of a stream's memory.
  private readonly decoder = new StringDecoder('utf8');
  private readonly parser: EventSourceParser;
  private hasBegun = false;
  private endedInReturn = false;
  private atMs = 0;

  /**
   * Comments, ids and unknown fields are no events; an event that the stream's end cut off is none.
   * `onRetry`: the server states how long to wait before the stream is opened again, in ms.
   */
  constructor(onEvent: OnEvent, onRetry?: (ms: number) => void) {
    this.parser = createParser({
      onEvent: ({ data, event, id }) => {
        onEvent(data, this.atMs, event, id);
      },
      onRetry: (ms) => onRetry?.(ms),
    });
  }

  /** The next bytes, cut wherever they were, and when they came; who asks for no times leaves that out. */
  readonly chunk = (bytes: Uint8Array, atMs = 0): void => {
    this.atMs = atMs;
    let text = this.decoder.write(bytes);
    if (text === '') return;
    if (!this.hasBegun && text.startsWith(byteOrderMark)) text = text.slice(1);
    this.hasBegun = true;
    if (this.endedInReturn || text.includes('\r')) text = this.withLineFeeds(text);
    if (text !== '') this.parser.feed(text);
  };

  /** The parser looks for both ends of each line, through all of a chunk that has only one of them. */
  private withLineFeeds(text: string): string {
    const own = this.endedInReturn && text.startsWith('\n') ? text.slice(1) : text;
    this.endedInReturn = own.endsWith('\r');
    return own.replace(/\r\n?/g, '\n');
  }
}

const [lineFeed, carriageReturn, space, letterD] = [10, 13, 32, 100];
/** `data:` */
const dataFieldLength = 5;

/**
 * Tells content from heartbeats without parsing an event: data are content; comments, names, ids and blank
 * lines are none, nor is a field of data that is empty.
 */
export class DataLines {
  private column = 0;
  private isData = false;

  /** Whether there are data in the next bytes of the stream, cut wherever they were. */
  areIn(bytes: Uint8Array): boolean {
    let hasData = false;
    for (const byte of bytes) {
      if (byte === lineFeed || byte === carriageReturn) {
        this.column = 0;
        continue;
      }
      // No other field begins with that letter.
      if (this.column === 0) this.isData = byte === letterD;
      else if (this.isData && this.column >= dataFieldLength && byte !== space) hasData = true;
      this.column += 1;
    }
    return hasData;
  }
}

/** Whether a content type announces server-sent events. */
export function isEventStream(contentType: string | undefined): boolean {
  return contentType !== undefined && /^text\/event-stream\s*(;|$)/i.test(contentType);
}
