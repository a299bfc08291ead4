/**
 * Parses server-sent events from bytes as they arrive. An event has the time of the chunk in which its
 * last byte came. That time was taken before parsing, so all events of one write share it.
 */
import { StringDecoder } from 'node:string_decoder';
import { createParser, type EventSourceParser } from 'eventsource-parser';

/** `name` is from `event:`, `undefined` for a plain message; `id` is from `id:`, if the event has one. */
export type OnEvent = (
  data: string,
  atMs: number,
  name: string | undefined,
  id: string | undefined,
) => void;

const byteOrderMark = '\uFEFF';

export class EventStream {
  // Keeps the first bytes of a character until the others arrive; an invalid byte becomes U+FFFD. It is
  // not a TextDecoder: each of those holds a converter, which takes much of a stream's memory.
  private readonly decoder = new StringDecoder('utf8');
  private readonly parser: EventSourceParser;
  private onEvent: OnEvent;
  private hasBegun = false;
  private endedInReturn = false;
  private endsInTwo = false;
  private isHeld = false;
  private atMs = 0;

  /**
   * Comments, ids and unknown fields are not events; an event that was cut off by the stream's end is not
   * one either. `onLine` receives lines that are no field of an event. `onRetry` receives how long, in
   * ms, the server wants its client to wait before it opens the stream again.
   */
  constructor(onEvent: OnEvent, onLine?: (line: string) => void, onRetry?: (ms: number) => void) {
    this.onEvent = onEvent;
    this.parser = createParser({
      onEvent: ({ data, event, id }) => {
        this.onEvent(data, this.atMs, event, id);
      },
      onError: ({ type, line }) => {
        if (type === 'unknown-field' && line !== undefined) onLine?.(line);
      },
      onRetry: (ms) => onRetry?.(ms),
    });
  }

  /**
   * The next bytes, which may be cut anywhere, and when they arrived. Without a need for times `atMs` may
   * be left out.
   */
  readonly chunk = (bytes: Uint8Array, atMs = 0): void => {
    this.atMs = atMs;
    let text = this.decoder.write(bytes);
    if (text === '') return;
    if (!this.hasBegun && text.startsWith(byteOrderMark)) text = text.slice(1);
    this.hasBegun = true;
    if (this.isHeld || this.endedInReturn || text.includes('\r')) text = this.withLineFeeds(text);
    if (text !== '') this.parser.feed(text);
  };

  /** Call it when no more bytes come. An event or a line that was cut off goes to `onCut` or `onLine`. */
  end(onCut: OnEvent = () => undefined): void {
    this.onEvent = onCut;
    this.parser.feed('\n\n');
  }

  /**
   * The parser looks for both kinds of line ends and scans the whole chunk for a kind that it lacks, so
   * all line ends are made one kind. A return at the end of a chunk ends its line, unless lines end with
   * two bytes: then the line feed is waited for.
   */
  private withLineFeeds(text: string): string {
    const own = this.isHeld ? `\r${text}` : text;
    const isSecond = this.endedInReturn && own.startsWith('\n');
    this.endsInTwo ||= isSecond || own.includes('\r\n');
    this.isHeld = this.endsInTwo && own.endsWith('\r');
    this.endedInReturn = !this.isHeld && own.endsWith('\r');
    return own.slice(isSecond ? 1 : 0, this.isHeld ? -1 : undefined).replace(/\r\n?/g, '\n');
  }
}

const [lineFeed, carriageReturn, space, letterD, letterE] = [10, 13, 32, 100, 101];
/** `data:` and `event:`. No other field begins with their letters. */
const [dataFieldLength, nameFieldLength] = [5, 6];
/** Names of events that servers send only to keep a connection alive. */
const heartbeat = /^(ping|heart[_-]?beat|keep[_-]?alive)$/i;
const longestName = 16;

/**
 * Tells content from heartbeats without parsing events. Data are content. Comments, names, ids, blank
 * lines, empty data and the data of an event with a heartbeat's name are not.
 */
export class DataLines {
  private column = 0;
  private field = 0;
  private before = 0;
  private name = '';

  /** Whether the next bytes of the stream, which may be cut anywhere, contain data. */
  areIn(bytes: Uint8Array): boolean {
    let hasData = false;
    for (const byte of bytes) {
      if (byte === lineFeed || byte === carriageReturn) this.endLine(byte);
      else {
        if (this.column === 0) this.beginLine(byte);
        if (byte !== space) {
          if (this.field === letterD && this.column >= dataFieldLength) hasData ||= !this.isBeat;
          if (this.field === letterE && this.column >= nameFieldLength) this.addToName(byte);
        }
        this.column += 1;
      }
      this.before = byte;
    }
    return hasData;
  }

  private get isBeat(): boolean {
    return this.name !== '' && heartbeat.test(this.name);
  }

  private beginLine(byte: number): void {
    this.field = byte;
    if (byte === letterE) this.name = '';
  }

  private endLine(byte: number): void {
    if (byte === lineFeed && this.before === carriageReturn) return;
    // A blank line ends an event and clears its name.
    if (this.column === 0) this.name = '';
    this.column = 0;
  }

  private addToName(byte: number): void {
    if (this.name.length <= longestName) this.name += String.fromCharCode(byte);
  }
}

/** Whether a content type announces server-sent events. */
export function isEventStream(contentType: string | undefined): boolean {
  return contentType !== undefined && /^text\/event-stream\s*(;|$)/i.test(contentType);
}
