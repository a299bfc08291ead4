import { streamChat } from '../../../load/clients/chat/streamed-chat.ts';
import type { StreamEnd } from '../../../load/clients/chat/judge-chat-stream.ts';
import type { BodyReader } from '../../../load/clients/http/read-body.ts';
import type { Http } from '../../../load/clients/http/http.ts';
import { defined } from '../../../load/platform/defined.ts';

/** The reader that a streamed chat passes to its client. */
export function chatReader(ends?: StreamEnd): BodyReader {
  let onChunk: BodyReader['onChunk'];
  const http = {
    jsonSentTo: (_: string, json: unknown) => json,
    post: (_: string, options: Pick<BodyReader, 'onChunk'>) => {
      onChunk = options.onChunk;
      return new Promise(() => undefined);
    },
  } as unknown as Http;
  void streamChat(http, defined({ path: '/', body: {}, ends }));
  return { onChunk, isWhole: undefined };
}
