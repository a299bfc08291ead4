/** REFERENCE_FAULTS: what it accepts, and which requests a switch applies to. */
import { expect, test } from '@playwright/test';
import { Faults, parseFaults } from '../../fixtures/reference/faults.ts';

const known = ['after', 'throttle', 'unavailable', 'tokens-per-chunk', 'crlf'] as const;

function struck(text: string, requests: number, seed = 1): boolean[] {
  const faults = new Faults(known, text, seed);
  return Array.from({ length: requests }, () => faults.next().has('throttle'));
}

const accepted = [
  ['throttle', { throttle: 1 }],
  ['throttle:0.5', { throttle: 0.5 }],
  [' throttle:.25 , crlf ', { throttle: 0.25, crlf: 1 }],
  ['tokens-per-chunk:3,after:5', { 'tokens-per-chunk': 3, after: 5 }],
] as const;
for (const [text, settings] of accepted) {
  test(`accepts "${text}"`, () => {
    expect(Object.fromEntries(parseFaults(text))).toEqual(settings);
  });
}

const refused = [
  ['throtle', 'no switch "throtle"; did you mean throttle?'],
  ['xyz', 'no switch "xyz"; known are after, throttle'],
  ['', 'no switch ""'],
  ['throttle,throttle:0.5', 'it names "throttle" twice'],
  ['throttle:0', '"throttle" takes a share above 0'],
  ['throttle:1.5', '"throttle" takes a share of at most 1'],
  ['throttle:half', '"throttle" takes a share'],
  ['crlf:1', '"crlf" takes no number'],
  ['tokens-per-chunk', '"tokens-per-chunk" takes a whole number'],
  ['tokens-per-chunk:0', '"tokens-per-chunk" takes a whole number from 1'],
  ['after:2.5', '"after" takes a whole number'],
] as const;
for (const [text, reason] of refused) {
  test(`refuses "${text}"`, () => {
    expect(() => parseFaults(text)).toThrow(`REFERENCE_FAULTS="${text}": ${reason}`);
  });
}

test('without the setting nothing is struck', () => {
  const strikes = new Faults(known, undefined, 1).next();
  expect(strikes.has('throttle')).toBe(false);
  expect(strikes.count('tokens-per-chunk')).toBeUndefined();
});

test('a share strikes that share of the requests, the same ones for a seed', () => {
  const strikes = struck('throttle:0.3', 10_000);
  // Five deviations of a binomial share.
  expect(Math.abs(strikes.filter(Boolean).length - 3000)).toBeLessThan(230);
  expect(struck('throttle:0.3', 10_000)).toEqual(strikes);
  expect(struck('throttle:0.3', 10_000, 2)).not.toEqual(strikes);
  expect(struck('throttle', 100)).not.toContain(false);
});

test('another switch beside it changes nothing in who is struck', () => {
  expect(struck('unavailable:0.5,throttle:0.3', 1000)).toEqual(struck('throttle:0.3', 1000));
});

test('after spares the first requests', () => {
  expect(struck('throttle,after:3', 5)).toEqual([false, false, false, true, true]);
});

test('a switch of another service is accepted and changes nothing', () => {
  const strikes = new Faults(['after', 'crlf'] as const, 'throttle,crlf', 1).next();
  expect(strikes.has('throttle' as never)).toBe(false);
  expect(strikes.has('crlf')).toBe(true);
});
