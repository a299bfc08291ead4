import { expect, test } from '@playwright/test';
import { declaredSides } from '../../../load/settings/pair-settings.ts';

test('two commands are cut into words', () => {
  const sides = declaredSides('shop', {
    PAIR_COMMAND_A: 'node "my server.js" --port {port}',
    PAIR_COMMAND_B: 'node head.js',
  });
  expect(sides).toEqual({
    kind: 'commands',
    base: ['node', 'my server.js', '--port', '{port}'],
    head: ['node', 'head.js'],
  });
});

test('two addresses are the sides as they are', () => {
  const environment = { SHOP_URL_A: 'http://localhost:1', SHOP_URL_B: 'http://localhost:2' };
  expect(declaredSides('shop', environment)).toEqual({
    kind: 'addresses',
    base: 'http://localhost:1',
    head: 'http://localhost:2',
  });
});

test('without any both sides are reference services', () => {
  expect(declaredSides('shop', {})).toEqual({ kind: 'reference services' });
});

for (const [environment, message] of [
  [
    { PAIR_COMMAND_A: 'node a.js' },
    'PAIR_COMMAND_A: is only one side of a pair; set PAIR_COMMAND_B as well',
  ],
  [
    { PAIR_COMMAND_B: 'node a.js' },
    'PAIR_COMMAND_B: is only one side of a pair; set PAIR_COMMAND_A as well',
  ],
  [{ SHOP_URL_B: 'http://b' }, 'SHOP_URL_B: is only one side of a pair; set SHOP_URL_A as well'],
  [
    { SHOP_URL_A: 'http://a/', SHOP_URL_B: 'http://A' },
    'SHOP_URL_B: is the same address as that of the base',
  ],
  [
    { PAIR_COMMAND_A: 'a', PAIR_COMMAND_B: 'b', SHOP_URL_A: 'http://a', SHOP_URL_B: 'http://b' },
    'SHOP_URL_A: PAIR_COMMAND_A is set as well; set only one of them',
  ],
  [
    { PAIR_COMMAND_A: 'a', PAIR_COMMAND_B: 'b', PAIR_PORT_A: '80', PAIR_PORT_B: '80' },
    'PAIR_PORT_B=80: both sides have one port',
  ],
  [{ PAIR_COMMAND_A: '', PAIR_COMMAND_B: 'b' }, 'PAIR_COMMAND_A="": a command, such as'],
  [{ PAIR_COMMAND_A: 'node "a', PAIR_COMMAND_B: 'b' }, 'PAIR_COMMAND_A="node \\"a": the quote'],
  [{ PAIR_READY: 'health' }, 'PAIR_READY="health": a path such as /health'],
  [{ PAIR_PORT_A: '70000' }, 'PAIR_PORT_A="70000": a port, 1 to 65535'],
  [{ PAIR_ROUNDS: '1' }, 'PAIR_ROUNDS="1": a whole number from 2 on'],
] as const) {
  test(`refused: ${JSON.stringify(environment)}`, () => {
    expect(() => declaredSides('shop', environment)).toThrow(message);
  });
}
