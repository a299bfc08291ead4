import { expect, test } from '@playwright/test';
import {
  ExpositionReader,
  seriesKey,
  type Exposition,
} from '../../../load/monitor/prometheus-text.ts';
import { fault } from '../../faults/fault-matrix.ts';
import { parseExposition } from './parse-exposition.ts';

function parsed(text: string, contentType?: string): Exposition {
  const exposition = parseExposition(text, contentType);
  if ('unknown' in exposition) throw new Error(exposition.unknown);
  return exposition;
}

/** Name, labels, value and timestamp of the only line. */
function only(text: string, contentType?: string) {
  const [sample, ...more] = [...parsed(text, contentType).series.values()];
  expect(more).toEqual([]);
  const { name, labels, value, timestampMs } = sample!;
  return [name, Object.fromEntries(labels), value, timestampMs];
}

const openMetrics = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

for (const [what, line, sample] of [
  ['a plain value', 'up 1\n', ['up', {}, 1, undefined]],
  ['a colon in the name', 'job:rate:sum 2\n', ['job:rate:sum', {}, 2, undefined]],
  ['empty braces', 'up{} 1\n', ['up', {}, 1, undefined]],
  ['labels', 'a{b="c",d="e"} 1\n', ['a', { b: 'c', d: 'e' }, 1, undefined]],
  ['a trailing comma', 'a{b="c",} 1\n', ['a', { b: 'c' }, 1, undefined]],
  ['blanks everywhere', '  a { b = "c" , d="e" }\t1  \n', ['a', { b: 'c', d: 'e' }, 1, undefined]],
  ['an escaped quote', 'a{b="say \\"hi\\""} 1\n', ['a', { b: 'say "hi"' }, 1, undefined]],
  ['an escaped backslash', 'a{b="C:\\\\n"} 1\n', ['a', { b: 'C:\\n' }, 1, undefined]],
  ['an escaped line end', 'a{b="two\\nlines"} 1\n', ['a', { b: 'two\nlines' }, 1, undefined]],
  ['an unknown escape', 'a{b="\\d+"} 1\n', ['a', { b: '\\d+' }, 1, undefined]],
  ['braces, commas and # in a label', 'a{b="}, # {"} 1\n', ['a', { b: '}, # {' }, 1, undefined]],
  ['an empty label', 'a{b=""} 1\n', ['a', { b: '' }, 1, undefined]],
  ['letters of any script', 'a{b="Zürich 日本"} 1\n', ['a', { b: 'Zürich 日本' }, 1, undefined]],
  ['a quoted name', '{"my.metric",b="c"} 1\n', ['my.metric', { b: 'c' }, 1, undefined]],
  ['a quoted label name', 'a{"b.c"="d"} 1\n', ['a', { 'b.c': 'd' }, 1, undefined]],
  ['a fraction without zero', 'a .5\n', ['a', {}, 0.5, undefined]],
  ['an exponent', 'a -1.5E+03\n', ['a', {}, -1500, undefined]],
  ['not a number', 'a NaN\n', ['a', {}, NaN, undefined]],
  ['infinity', 'a +Inf\n', ['a', {}, Infinity, undefined]],
  ['negative infinity', 'a -Inf\n', ['a', {}, -Infinity, undefined]],
  ['milliseconds as timestamp', 'a 1 1700000000123\n', ['a', {}, 1, 1_700_000_000_123]],
  ['a timestamp before 1970', 'a 1 -1\n', ['a', {}, 1, -1]],
  ['lines that end in CR LF', 'a 1\r\n', ['a', {}, 1, undefined]],
] as const) {
  test(`reads ${what}`, () => {
    expect(only(line)).toEqual(sample);
  });
}

test('OpenMetrics: seconds as timestamp, exemplars, and an end that is marked', () => {
  const text =
    '# TYPE a counter\n# UNIT a seconds\na_total 17 1700000000.5 # {trace="x,y"} 0.5 1699.5\n# EOF\n';
  expect(only(text, openMetrics)).toEqual(['a_total', {}, 17, 1_700_000_000_500]);
  expect(only(text)).toEqual(['a_total', {}, 17, 1_700_000_000_500]);
});

test('passes over comments, whatever stands in them', () => {
  const text = '# HELP a What {\n# TYPE a counter\n#\n# a{b="c"} 5\na 1\n# TYPE b gauge\n';
  expect(only(text)).toEqual(['a', {}, 1, undefined]);
});

test('labels are kept apart, and their order does not matter', () => {
  const { series } = parsed('a{b="1",c="2"} 1\na{b="1"} 2\na{b="12"} 3\na 4\na{b="1,c=2"} 5\n');
  expect(series.size).toBe(5);
  const labels = new Map([
    ['c', '2'],
    ['b', '1'],
  ]);
  expect(series.get(seriesKey({ name: 'a', labels }))?.value).toBe(1);
});

test('label names of JavaScript are names like any other', () => {
  expect(only('a{__proto__="x",constructor="y"} 1\n')[1]).toEqual(
    Object.fromEntries([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]),
  );
});

test('of several values of a series the last counts', () => {
  expect(only('a{b="c"} 1 1\na{b="c"} 2 2\n')).toEqual(['a', { b: 'c' }, 2, 2]);
});

for (const [what, text, contentType, reason] of [
  ['nothing', '', '', 'is empty'],
  ['blank lines', '\n \n', '', 'is empty'],
  ['comments only', '# HELP a b\n', '', 'no series'],
  ['HTML', '<!doctype html><html>please log in</html>\n', '', 'HTML'],
  ['HTML after a blank', '\n  <html></html>\n', '', 'HTML'],
  ['JSON', '{"status":"ok"}\n', '', 'line 1 is not understood'],
  ['prose', 'Not found\n', '', 'line 1 is not understood'],
  ['a number cut off', 'a 1\nb 12', '', 'breaks off within a line'],
  ['a label cut off', 'a 1\nb{c="d\n', '', 'line 2 is not understood'],
  ['a line without value', 'a 1\nb\n', '', 'line 2 is not understood: it has no value'],
  ['OpenMetrics cut off between two lines', 'a 1\n', openMetrics, '# EOF is missing'],
  ['more after the end', 'a 1\n# EOF\nb 1\n', openMetrics, 'goes on after # EOF'],
  ['two answers in one', 'a 1\n# EOF\na 1\n# EOF\n', openMetrics, 'goes on after # EOF'],
  ['a value that is no number', 'a one\n', '', '"one" is no number'],
  ['a number with a tail', 'a 1x\n', '', '"1x" is no number'],
  ['hexadecimal', 'a 0x10\n', '', '"0x10" is no number'],
  ['too many fields', 'a 1 2 3\n', '', '"3" stands after the value'],
  ['a label without quotes', 'a{b=c} 1\n', '', 'label b is not in quotes'],
  ['a label without value', 'a{b} 1\n', '', 'label b has no value'],
  ['a label that stands twice', 'a{b="1",b="2"} 1\n', '', 'label b is there twice'],
  ['no comma', 'a{b="1" c="2"} 1\n', '', 'the labels are not closed'],
  ['two names', 'a{"b",c="1"} 1\n', '', 'label b has no value'],
  ['a name of digits', '1a 1\n', '', 'it has no name'],
] as const) {
  test(`${what} is unknown`, () => {
    const unknown = expect.stringContaining(reason) as unknown;
    expect(parseExposition(text, contentType)).toEqual({ unknown });
  });
}

test('escapes and blanks without end are read in one pass', { annotation: fault(28) }, () => {
  const label = '\\\\'.repeat(500_000);
  const blanks = ' '.repeat(1_000_000);
  expect(parsed(`a{b="${label}"} 1\n${blanks}c${blanks}1${blanks}\n`).series.size).toBe(2);
});

test('an answer in pieces, cut anywhere, is the same answer', () => {
  const text = '# HELP a\n\na{b="c\\n}"} 1\r\n  d 2.5 7\n# EOF\n';
  const whole = parsed(text);
  for (let size = 1; size < text.length; size += 1) {
    const reader = new ExpositionReader();
    for (let at = 0; at < text.length; at += size) reader.feed(text.slice(at, at + size));
    expect(reader.end()).toEqual(whole);
  }
});

test('a line that nobody wants decides nothing, one that is wanted is named', () => {
  const read = (text: string) => {
    const reader = new ExpositionReader({ wanted: new Set(['a', 'b']), longestLine: 100 });
    reader.feed(text);
    return reader.end();
  };
  const odd = 'other{x=} 1\n{broken\n9 9\n';
  expect(read(`${odd}a 1\nb 2\nc 3\n`)).toMatchObject({ unreadable: new Map() });
  const broken = read('a 1\nb two\nb{c="1"} 2\n');
  expect(broken).toMatchObject({
    unreadable: new Map([['b', 'line 2 is not understood: "two" is no number']]),
  });
  const long = read(`a 1\nb{c="${'x'.repeat(100)}"} 2\n`);
  expect(long).toMatchObject({
    unreadable: new Map([['b', 'line 2 is not understood: it is longer than 100 characters']]),
  });
  // No line is valid, so it is not a page of metrics.
  expect(read(odd)).toEqual({ unknown: expect.stringContaining('line 1') as unknown });
});

test(
  'a line without an end costs what it is long, in however many pieces it comes',
  { annotation: fault(52) },
  () => {
    const reader = new ExpositionReader({ wanted: new Set(['a']), longestLine: 1000 });
    // If they were kept and searched with each piece, these would be 80 GB.
    for (let i = 0; i < 400_000; i += 1) reader.feed('x'.repeat(1000).slice(i % 2));
    expect(reader.end()).toEqual({ unknown: 'the answer breaks off within a line' });
  },
);

for (const [where, line] of [
  ['before the value', (spaces: string) => `a ${spaces}1\n`],
  ['within the braces', (spaces: string) => `a{b="c"${spaces}} 1\n`],
  ['before anything', (spaces: string) => `${spaces}\na 1\n`],
  ['behind the value', (spaces: string) => `a 1${spaces}x\n`],
  ['in a comment', (spaces: string) => `# HELP a ${spaces}x\na 1\n`],
] as const) {
  test(`64 kB of spaces ${where} are read in one pass`, { annotation: fault(52) }, () => {
    const timeOf = (characters: number): number => {
      const text = line(' '.repeat(characters));
      const began = performance.now();
      for (let i = 0; i < 20; i++) parseExposition(text);
      return performance.now() - began;
    };
    timeOf(1000);
    // Sixteen times as long; quadratic time would be 256 times.
    expect(timeOf(65_536)).toBeLessThan(64 * timeOf(4096) + 200);
  });
}

test('a number without an end is told as none in one pass', () => {
  // If every cut were tried, a million digits would take half a million million steps.
  const told = parseExposition(`a ${'1'.repeat(1_000_000)}x\n`);
  // The message is in every reading, so it has a limit, too.
  expect(told).toEqual({ unknown: expect.stringMatching(/^line 1 .{20,140}$/) as unknown });
});
