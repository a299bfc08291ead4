/** Unpacks encoded bodies, never beyond the cap on decoded bytes. */
import type { Duplex } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

const decoders: Readonly<Record<string, () => Duplex>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
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
  if (applied.length > maxLayers) {
    return {
      problem: 'protocol',
      detail: `content-encoding ${encoding}: more than ${maxLayers} layers`,
    };
  }
  let decoded: Decoded = { bytes };
  for (const layer of applied) {
    const decoder = Object.hasOwn(decoders, layer) ? decoders[layer] : undefined;
    if (decoder === undefined)
      return { problem: 'protocol', detail: `content-encoding ${layer}: unknown` };
    decoded = await unpack(decoder(), decoded.bytes, maxBytes);
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
      if (size > maxBytes)
        return { problem: 'tooLarge', detail: `more than ${maxBytes} decoded bytes` };
      chunks.push(chunk);
    }
  } catch (error) {
    return { problem: 'truncated', detail: (error as Error).message };
  } finally {
    decoder.destroy();
  }
  return { bytes: Buffer.concat(chunks) };
}
