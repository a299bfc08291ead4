/** A virtual user that reads one streamed chat after another and passes each to a callback. */
import { streamChat, type StreamedChat } from '../load/clients/chat/streamed-chat.ts';
import { defineUser } from '../load/user/define-user.ts';

export function streamUser(path: string, onChat: (chat: StreamedChat) => void) {
  return defineUser<unknown, unknown, string, string>({
    system: 'local',
    tasks: {
      chat: {
        deadline: '30s',
        run: async ({ http }) => {
          onChat(await streamChat(http, { path, body: { model: 'bench' } }));
        },
      },
    },
  });
}
