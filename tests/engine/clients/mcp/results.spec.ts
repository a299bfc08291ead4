import { expect, test } from '@playwright/test';
import { allTools, toolList } from '../../../../load/clients/mcp/results.ts';
import { fault } from '../../../faults/fault-matrix.ts';

const shown = { annotation: fault(51) };
const tool = (name: string) => ({ name, inputSchema: {} });

/** Reads a list whose pages `page` gives by their cursor; tells the tools and the cursors that were asked. */
async function listed(page: (cursor: string | undefined) => { tools: string[]; next?: string }) {
  const asked: (string | undefined)[] = [];
  const tools = await allTools((params) => {
    const { cursor } = params as { cursor?: string };
    asked.push(cursor);
    const { tools: names, next } = page(cursor);
    return Promise.resolve({ tools: names.map(tool), nextCursor: next });
  });
  return { tools: tools.map(({ name }) => name).join(''), asked };
}

test('the pages of a list are read in turn, and an empty cursor is one like any other', async () => {
  const pages: Record<string, { tools: string[]; next?: string }> = {
    first: { tools: ['a'], next: '' },
    '': { tools: ['b'], next: 'p3' },
    p3: { tools: ['c'] },
  };
  const list = await listed((cursor) => pages[cursor ?? 'first']!);
  expect(list).toEqual({ tools: 'abc', asked: [undefined, '', 'p3'] });
});

test('a cursor of null is none', async () => {
  const page = toolList.parse({ tools: [tool('a')], nextCursor: null });
  expect(await allTools(() => Promise.resolve(page))).toHaveLength(1);
});

for (const [what, next, asked] of [
  ['itself', () => 'p', 2],
  ['itself, by an empty cursor', () => '', 2],
  ['one long before it', (cursor?: string) => ({ p: 'q', q: 'r', r: 'p' })[cursor ?? 'r'], 4],
] as const) {
  test(`a page that names ${what} as the next ends the list`, shown, async () => {
    const list = await listed((cursor) => ({ tools: ['a', 'b'], next: next(cursor)! }));
    expect(list.tools).toBe('ab');
    expect(list.asked).toHaveLength(asked);
  });
}

test('a list of ever new pages is refused', shown, async () => {
  let pages = 0;
  const endless = listed(() => ({ tools: [`t${pages}`], next: String((pages += 1)) }));
  await expect(endless).rejects.toThrow('the list has too many pages; at most 64 are read');
  expect(pages).toBe(64);
});
