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
    areAtOnce: false,
  });
});

test('without any both sides are reference services', () => {
  expect(declaredSides('shop', {})).toEqual({ kind: 'reference services' });
});

for (const [a, b] of [
  ['http://localhost:1', 'http://localhost:2'],
  ['http://shop/v1', 'http://shop/V1'],
  ['http://shop', 'https://shop'],
  // One proxy forwards by the name.
  ['http://base.localhost', 'http://head.localhost'],
] as const) {
  test(`two sides: ${a} and ${b}`, () => {
    expect(declaredSides('shop', { SHOP_URL_A: a, SHOP_URL_B: b }).kind).toBe('addresses');
  });
}

for (const [a, b] of [
  ['http://a/', 'http://A'],
  ['http://localhost:3000', 'http://127.0.0.1:3000'],
  ['http://localhost:3000', 'http://[::1]:3000/'],
  ['http://localhost:3000', 'http://shop.localhost:3000'],
  ['http://shop:80', 'http://shop.'],
  ['https://shop/v1', 'https://shop:443/v1/'],
] as const) {
  test(`one server under two names: ${a} and ${b}`, () => {
    expect(() => declaredSides('shop', { SHOP_URL_A: a, SHOP_URL_B: b })).toThrow(
      'SHOP_URL_B: is the same server as SHOP_URL_A; a pair needs two',
    );
  });
}

test('the address of a single system is no side of a pair', () => {
  for (const name of ['SHOP_URL', 'LOAD_TARGET']) {
    expect(() => declaredSides('shop', { [name]: 'http://localhost:1' })).toThrow(
      `${name}: is one address, and a pair needs two sides; set SHOP_URL_A and SHOP_URL_B, or PAIR_COMMAND_A and PAIR_COMMAND_B`,
    );
  }
  const commands = { PAIR_COMMAND_A: 'a', PAIR_COMMAND_B: 'b', SHOP_URL: 'http://localhost:1' };
  expect(declaredSides('shop', commands).kind).toBe('commands');
});

test('sides at addresses take turns, unless they are said to be on machines of their own', () => {
  const addresses = { SHOP_URL_A: 'http://base', SHOP_URL_B: 'http://head' };
  expect(declaredSides('shop', addresses)).toMatchObject({ areAtOnce: false });
  expect(declaredSides('shop', { ...addresses, PAIR_OWN_MACHINES: '1' })).toMatchObject({
    areAtOnce: true,
  });
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
  [
    { PAIR_COMMAND_A: 'a', PAIR_COMMAND_B: 'b', PAIR_OWN_MACHINES: '1' },
    'PAIR_OWN_MACHINES=1: both sides are started on this machine',
  ],
  [{ PAIR_OWN_MACHINES: '1' }, 'PAIR_OWN_MACHINES=1: both sides are started on this machine'],
  [{ PAIR_READY_TIMEOUT: '5' }, 'PAIR_READY_TIMEOUT="5": '],
  [{ PAIR_ROUNDS: '1' }, 'PAIR_ROUNDS="1": a whole number from 2 on'],
] as const) {
  test(`refused: ${JSON.stringify(environment)}`, () => {
    expect(() => declaredSides('shop', environment)).toThrow(message);
  });
}
