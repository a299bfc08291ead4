/**
 * Unpacks encoded bodies as their bytes come in, never beyond the cap on decoded bytes. Each layer of an
 * encoding works on one piece at a time, so that what comes out of it is known to have come in with it.
 */
import type { Duplex } from 'node:stream';
import * as zlib from 'node:zlib';
import { keptBodies, noRoom } from './kept-bodies.ts';

const { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } = zlib;
/** Node has it since 22.15. */
const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => Duplex };

/** By the first two bytes, where it needs any. */
const decoders = new Map<string, ((head: Buffer) => Duplex) | undefined>([
  ['gzip', () => createGunzip()],
  ['x-gzip', () => createGunzip()],
  // Servers send both, under one name; the zlib header tells them apart (RFC 1950, 2.2).
  ['deflate', (head: Buffer) => (hasZlibHeader(head) ? createInflate() : createInflateRaw())],
  ['br', () => createBrotliDecompress()],
  ['zstd', createZstdDecompress],
]);
const headBytes = 2;
/** Nothing is packed: besides the word for that, those which servers put there to keep proxies from packing, and charsets. */
const unpacked = /^(|identity|none|binary|utf-?8)$/;
const maxLayers = 2;

export interface DecodingProblem {
  readonly problem: 'tooLarge' | 'protocol' | 'truncated' | 'generator';
  readonly detail: string;
}

/** Where unpacked bytes go. */
export interface DecodedTo {
  /** `atMs`: when the bytes came in that they were packed in. */
  onBytes(bytes: Buffer, atMs: number): void;
  /** Once, after the last bytes: all is unpacked, or why it can't be. */
  onEnd(problem: DecodingProblem | undefined): void;
}

/** Undoes a `content-encoding`. Nothing is handed out, and no end told, before a `write` has returned. */
export class BodyDecoder {
  private first: Layer | undefined;
  private readonly layers: Layer[] = [];
  private readonly to: DecodedTo;
  private isOver = false;

  /** Each layer may give at most `maxBytes`. */
  constructor(encoding: string, maxBytes: number, to: DecodedTo) {
    this.to = to;
    const applied = layersOf(encoding);
    const refused = refusalOf(encoding, applied);
    if (refused !== undefined) {
      queueMicrotask(() => {
        this.close(refused);
      });
      return;
    }
    const last: DecodedTo = {
      onBytes: (bytes, atMs) => {
        if (!this.isOver) to.onBytes(bytes, atMs);
      },
      onEnd: (problem) => {
        this.close(problem);
      },
    };
    // The encoding that was applied last is undone first.
    for (const name of applied) {
      this.first = new Layer(decoders.get(name)!, maxBytes, this.first ?? last, last);
      this.layers.push(this.first);
    }
  }

  write(bytes: Buffer, atMs: number): void {
    this.first?.onBytes(bytes, atMs);
  }

  /** No more bytes come; `onEnd` follows. */
  end(): void {
    this.first?.onEnd();
  }

  /** Nothing more is handed out. */
  destroy(): void {
    this.isOver = true;
    for (const layer of this.layers) layer.destroy();
  }

  private close(problem: DecodingProblem | undefined): void {
    if (this.isOver) return;
    this.destroy();
    this.to.onEnd(problem);
  }
}

/** Whether there is anything to undo. */
export function isEncoded(encoding: string | undefined): encoding is string {
  return encoding !== undefined && layersOf(encoding).length > 0;
}

/** Unpacks a body that is there as a whole. */
export function decodeBody(
  bytes: Buffer,
  encoding: string,
  maxBytes: number,
): Promise<{ readonly bytes: Buffer } | DecodingProblem> {
  if (!isEncoded(encoding)) return Promise.resolve({ bytes });
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let size = 0;
    const over = (problem: DecodingProblem | undefined): void => {
      keptBodies.giveBack(size, parts.length);
      resolve(problem ?? { bytes: Buffer.concat(parts) });
    };
    const decoder = new BodyDecoder(encoding, maxBytes, {
      onBytes: (part) => {
        parts.push(part);
        size += part.length;
        if (keptBodies.take(part.length)) return;
        decoder.destroy();
        over({ problem: 'generator', detail: noRoom });
      },
      onEnd: over,
    });
    decoder.write(bytes, 0);
    decoder.end();
  });
}

/** In the order in which they were applied. */
function layersOf(encoding: string): string[] {
  const layers = encoding.split(',').map((layer) => layer.trim().toLowerCase());
  return layers.filter((layer) => !unpacked.test(layer));
}

function refusalOf(encoding: string, layers: readonly string[]): DecodingProblem | undefined {
  const unknown = layers.find((layer) => decoders.get(layer) === undefined);
  if (unknown === undefined && layers.length <= maxLayers) return undefined;
  const why =
    layers.length > maxLayers
      ? `${encoding}: more than ${maxLayers} layers`
      : `${unknown ?? ''}: unknown`;
  return { problem: 'protocol', detail: `content-encoding ${why}` };
}

/** One layer: takes packed bytes as they come, hands on what is in them. */
class Layer implements DecodedTo {
  private readonly make: (head: Buffer) => Duplex;
  private readonly maxBytes: number;
  private readonly next: DecodedTo;
  private readonly last: DecodedTo;
  private decoder: Duplex | undefined;
  private waiting: { readonly bytes: Buffer; readonly atMs: number }[] = [];
  private head = Buffer.alloc(0);
  private isBusy = false;
  private isEnding = false;
  private atMs = 0;
  private size = 0;

  /** `next` gets the bytes, `last` is told at once of what is wrong with them. */
  constructor(make: (head: Buffer) => Duplex, maxBytes: number, next: DecodedTo, last: DecodedTo) {
    this.make = make;
    this.maxBytes = maxBytes;
    this.next = next;
    this.last = last;
  }

  onBytes(bytes: Buffer, atMs: number): void {
    this.waiting.push({ bytes, atMs });
    this.goOn();
  }

  onEnd(): void {
    this.isEnding = true;
    this.goOn();
  }

  destroy(): void {
    this.waiting = [];
    this.decoder?.destroy();
  }

  private goOn(): void {
    if (this.isBusy) return;
    const piece = this.waiting.shift();
    if (piece === undefined) {
      if (this.isEnding) this.finish();
      return;
    }
    this.atMs = piece.atMs;
    const bytes = this.decoder === undefined ? this.begin(piece.bytes) : piece.bytes;
    if (bytes === undefined) {
      this.goOn();
      return;
    }
    this.isBusy = true;
    this.decoder!.write(bytes, (error) => {
      // What is wrong with them is told by the event; after that nothing more is taken.
      if (error !== null && error !== undefined) return;
      this.handOn();
      this.isBusy = false;
      this.goOn();
    });
  }

  /** The first bytes say which decoder it is; `undefined` where there are too few. */
  private begin(bytes: Buffer): Buffer | undefined {
    this.head = Buffer.concat([this.head, bytes]);
    if (this.head.length < headBytes) return undefined;
    this.open();
    return this.head;
  }

  private open(): Duplex {
    const decoder = this.make(this.head);
    decoder.on('readable', () => {
      this.handOn();
    });
    decoder.on('end', () => {
      this.next.onEnd(undefined);
    });
    decoder.on('error', (error: { code?: string; message: string }) => {
      const problem = error.code === 'Z_BUF_ERROR' ? 'truncated' : 'protocol';
      this.last.onEnd({ problem, detail: error.message });
    });
    return (this.decoder = decoder);
  }

  private finish(): void {
    this.isBusy = true;
    // Fewer bytes than a header has: the decoder says what that is.
    if (this.decoder === undefined) this.open().write(this.head);
    this.decoder?.end();
  }

  private handOn(): void {
    for (;;) {
      const bytes = this.decoder?.read() as Buffer | null | undefined;
      if (bytes === null || bytes === undefined) return;
      this.size += bytes.length;
      if (this.size > this.maxBytes) {
        this.last.onEnd({
          problem: 'tooLarge',
          detail: `more than ${this.maxBytes} decoded bytes`,
        });
        return;
      }
      this.next.onBytes(bytes, this.atMs);
    }
  }
}

function hasZlibHeader(packed: Buffer): boolean {
  return packed.length > 1 && (packed[0]! & 0x0f) === 8 && packed.readUInt16BE(0) % 31 === 0;
}
