/** Turns what a task wants to send into bytes and a content type, before the request is due. */
import type { FilePart, RequestOptions } from './http.ts';

export interface Payload {
  readonly bytes: Uint8Array;
  readonly type: string;
}

/** The payload of a request, if it has one. Throws where more than one kind is given. */
export function payloadOf(
  options: RequestOptions<unknown>,
): Payload | Promise<Payload> | undefined {
  const { json, form, multipart, body, type } = options;
  const isBare = json === undefined && form === undefined && multipart === undefined;
  if (isBare && body === undefined) return undefined;
  const given = [json, form, multipart, body].filter((value) => value !== undefined);
  if (given.length > 1) throw new Error('one of json, form, multipart and body; more were given');
  if (json !== undefined) {
    return { bytes: Buffer.from(JSON.stringify(json)), type: 'application/json' };
  }
  if (form !== undefined) {
    const bytes = Buffer.from(new URLSearchParams(form).toString());
    return { bytes, type: 'application/x-www-form-urlencoded' };
  }
  if (multipart !== undefined) return encodeMultipart(multipart);
  const bytes = typeof body === 'string' ? Buffer.from(body) : body!;
  return { bytes, type: type ?? 'application/octet-stream' };
}

async function encodeMultipart(
  parts: Readonly<Record<string, string | FilePart>>,
): Promise<Payload> {
  const form = new FormData();
  for (const [name, part] of Object.entries(parts)) {
    if (typeof part === 'string') form.append(name, part);
    else {
      const file = new Blob([part.bytes], { type: part.type ?? '' });
      form.append(name, file, part.filename);
    }
  }
  // The platform's own encoder, with its boundary.
  const encoded = new Response(form);
  const bytes = new Uint8Array(await encoded.arrayBuffer());
  return { bytes, type: encoded.headers.get('content-type') ?? 'multipart/form-data' };
}
