/**
 * Decompresses encoded bodies as their bytes arrive, up to a limit on decoded bytes. Each layer of an
 * encoding processes one piece at a time, so that decoded bytes keep the arrival time of the bytes they
 * came from.
 */
import type { Duplex } from 'node:stream';
import * as zlib from 'node:zlib';
import { keptBodies, noRoom } from './kept-bodies.ts';

const { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } = zlib;
/** Available in Node since 22.15. */
const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => Duplex };

/** A decoder may need the first two bytes. */
const decoders = new Map<string, ((head: Buffer) => Duplex) | undefined>([
  ['gzip', () => createGunzip()],
  ['x-gzip', () => createGunzip()],
  // Servers send both formats under one name; the zlib header tells them apart (RFC 1950, 2.2).
  ['deflate', (head: Buffer) => (hasZlibHeader(head) ? createInflate() : createInflateRaw())],
  ['br', () => createBrotliDecompress()],
  ['zstd', createZstdDecompress],
]);
const headBytes = 2;
/**
 * Encodings that do not compress: `identity`, values that servers set to keep proxies from compressing,
 * and charsets.
 */
const unpacked = /^(|identity|none|binary|utf-?8)$/;
const maxLayers = 2;

export interface DecodingProblem {
  readonly problem: 'tooLarge' | 'protocol' | 'truncated' | 'generator';
  readonly detail: string;
}

/** Receives decoded bytes. */
export interface DecodedTo {
  /** `atMs`: when the encoded bytes arrived. */
  onBytes(bytes: Buffer, atMs: number): void;
  /** Called once, after the last bytes. The problem is undefined if everything was decoded. */
  onEnd(problem: DecodingProblem | undefined): void;
}

/** Decodes a `content-encoding`. It hands out nothing, not even the end, before `write` has returned. */
export class BodyDecoder {
  private first: Layer | undefined;
  private readonly layers: Layer[] = [];
  private readonly to: DecodedTo;
  private isOver = false;

  /** Each layer may produce at most `maxBytes`. */
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
    // The encoding that was applied last is removed first.
    for (const name of applied) {
      this.first = new Layer(decoders.get(name)!, maxBytes, this.first ?? last, last);
      this.layers.push(this.first);
    }
  }

  write(bytes: Buffer, atMs: number): void {
    this.first?.onBytes(bytes, atMs);
  }

  /** Call it when no more bytes come; `onEnd` follows. */
  end(): void {
    this.first?.onEnd();
  }

  /** Hands out nothing more. */
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

/** Whether the encoding needs decoding. */
export function isEncoded(encoding: string | undefined): encoding is string {
  return encoding !== undefined && layersOf(encoding).length > 0;
}

/** Decodes a complete body. */
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

/** One layer: takes encoded bytes as they come and hands on the decoded ones. */
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

  /** `next` receives the bytes; `last` is told at once of an error in them. */
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
      // The event reports the error. After it no more bytes are accepted.
      if (error !== null && error !== undefined) return;
      this.handOn();
      this.isBusy = false;
      this.goOn();
    });
  }

  /** Chooses the decoder by the first bytes; `undefined` if there are too few. */
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
    // There are fewer bytes than a header has. The decoder reports the error.
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
