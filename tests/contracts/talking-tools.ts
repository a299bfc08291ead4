/**
 * Tools of an MCP server that sends messages before it answers, and what each does with the client's
 * replies.
 */

/** The part of a client's message that these tools look at. */
export interface Heard {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: { readonly name?: string };
  readonly error?: { readonly code: number };
}

interface Talk {
  readonly id: unknown;
  readonly say: (message: object) => void;
  /** Sends text that is not a message. */
  readonly mutter: (text: string) => void;
  /** Resolves with the client's answer. */
  readonly ask: (method: string, id?: unknown) => Promise<Heard>;
}

const lives = ({ error }: Heard): string =>
  error === undefined ? 'the client lives' : `the client said ${error.code}`;
const asking =
  (method: string) =>
  async ({ ask }: Talk): Promise<string> =>
    lives(await ask(method));

const tools: Readonly<Record<string, (talk: Talk) => Promise<string> | string>> = {
  ping: asking('ping'),
  'ping by name': async ({ ask }) => lives(await ask('ping', 'are you there')),
  'ping under the id of the call': async ({ ask, id }) => lives(await ask('ping', id)),
  'many pings': async ({ ask }) => {
    const said = [];
    for (let i = 0; i < 20; i += 1) said.push(lives(await ask('ping')));
    return said.join();
  },
  'pings at once': async ({ ask }) =>
    (await Promise.all(Array.from({ length: 8 }, () => ask('ping')))).map(lives).join(),
  roots: asking('roots/list'),
  sampling: asking('sampling/createMessage'),
  elicitation: asking('elicitation/create'),
  'something unknown': asking('no/such/method'),
  'a refusal': async ({ ask }) => {
    const { error } = await ask('sampling/createMessage');
    throw new Error(`this tool needs a model: ${error?.code}`);
  },
  notifications: ({ say }) => {
    for (const progress of [1, 2, 3]) {
      const params = { progressToken: 'none', progress, total: 3 };
      say({ jsonrpc: '2.0', method: 'notifications/progress', params });
    }
    say({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
    return 'after the notifications';
  },
  "another request's answer": ({ say }) => {
    say({ jsonrpc: '2.0', id: 4711, result: { content: [{ type: 'text', text: 'wrong' }] } });
    return 'right';
  },
  muttering: ({ mutter }) => {
    mutter('listening …');
    mutter('{"jsonrpc":"2.0",');
    return 'after the muttering';
  },
  'line separators': () => 'one\u2028two\u2029three\u0085four',
  'a text as id': ({ id, say }) => {
    const result = { content: [{ type: 'text', text: 'under a text' }] };
    say({ jsonrpc: '2.0', id: String(id), result });
    return 'said already';
  },
};

export const talkingTools = Object.keys(tools);

/** One session of such a server. */
export class Talker {
  private readonly waiting = new Map<string, (answer: Heard) => void>();
  private asked = 1000;

  /** Takes an answer of the client; false if it does not belong to a request of this server. */
  hear(message: Heard): boolean {
    const answered = this.waiting.get(String(message.id));
    if (message.method !== undefined || answered === undefined) return false;
    this.waiting.delete(String(message.id));
    answered(message);
    return true;
  }

  /** Runs the called tool, with all its messages before the result. */
  async call(
    { id, params }: Heard,
    say: (message: object) => void,
    mutter: (text: string) => void,
  ): Promise<void> {
    const ask = (method: string, own: unknown = this.asked++): Promise<Heard> =>
      new Promise((resolve) => {
        this.waiting.set(String(own), resolve);
        say({ jsonrpc: '2.0', id: own, method, params: {} });
      });
    const run = Promise.resolve(tools[params?.name ?? '']!({ id, say, mutter, ask }));
    const { text, isError } = await run.then(
      (told) => ({ text: told, isError: false }),
      (error: unknown) => ({ text: (error as Error).message, isError: true }),
    );
    say({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text }], isError } });
  }
}
