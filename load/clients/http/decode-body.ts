/** Unpacks encoded bodies, never beyond the cap on decoded bytes. */
import type { Duplex } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';

const decoders: Readonly<Record<string, (packed: Buffer) => Duplex>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  // Servers send both, under one name; the zlib header tells them apart (RFC 1950, 2.2).
  deflate: (packed) => (hasZlibHeader(packed) ? createInflate() : createInflateRaw()),
  br: () => createBrotliDecompress(),
};
const maxLayers = 2;

export type Decoded =
  | { readonly bytes: Buffer }
  | { readonly problem: 'tooLarge' | 'protocol' | 'truncated'; readonly detail: string };

/** Undoes a `content-encoding`, the last applied first. `identity` is nothing to undo. */
export async function decodeBody(
  bytes: Buffer,
  encoding: string,
  maxBytes: number,
): Promise<Decoded> {
  const layers = encoding.split(',').map((layer) => layer.trim().toLowerCase());
  const applied = layers.filter((layer) => layer !== 'identity' && layer !== '').reverse();
  const unknown = (layer: string, why: string): Decoded => {
    return { problem: 'protocol', detail: `content-encoding ${layer}: ${why}` };
  };
  if (applied.length > maxLayers) return unknown(encoding, `more than ${maxLayers} layers`);
  let decoded: Decoded = { bytes };
  for (const layer of applied) {
    const decoder = Object.hasOwn(decoders, layer) ? decoders[layer] : undefined;
    if (decoder === undefined) return unknown(layer, 'unknown');
    decoded = await unpack(decoder(decoded.bytes), decoded.bytes, maxBytes);
    if (!('bytes' in decoded)) return decoded;
  }
  return decoded;
}

async function unpack(decoder: Duplex, packed: Buffer, maxBytes: number): Promise<Decoded> {
  const chunks: Buffer[] = [];
  let size = 0;
  decoder.end(packed);
  try {
    for await (const chunk of decoder as AsyncIterable<Buffer>) {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= maxBytes) continue;
      return { problem: 'tooLarge', detail: `more than ${maxBytes} decoded bytes` };
    }
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return { problem: code === 'Z_BUF_ERROR' ? 'truncated' : 'protocol', detail: message };
  } finally {
    decoder.destroy();
  }
  return { bytes: Buffer.concat(chunks) };
}

function hasZlibHeader(packed: Buffer): boolean {
  return packed.length > 1 && (packed[0]! & 0x0f) === 8 && packed.readUInt16BE(0) % 31 === 0;
}
