/**
 * Random pages of metrics: two readings of one target, random damage to one of them, and the figures by a
 * model that is independent of the code.
 */
import { Draws } from '../instrument/fuzz/draws.ts';

interface Line {
  readonly text: string;
  /** The figure to which it belongs, if any. */
  readonly of?: Figure;
}

export const figures = ['hitRate', 'meanSize', 'cpu'] as const;
export type Figure = (typeof figures)[number];
type Figures = Readonly<Partial<Record<Figure, { readonly part: number; readonly whole: number }>>>;

export interface RandomPages {
  readonly what: string;
  readonly before: string;
  readonly after: string;
  readonly contentType: string;
  /** The figures of the two undamaged pages. */
  readonly expected: Figures;
  /** Figures whose own lines were damaged: they may be any number, or unknown. */
  readonly touched: ReadonlySet<Figure>;
  /** One page breaks off, so it is refused as a whole. */
  readonly mayBeRefused: boolean;
}

export const spanMs = 4000;

interface Counts {
  readonly hits: number;
  readonly misses: number;
  readonly sizes: readonly { readonly sum: number; readonly count: number }[];
  readonly cpu: number;
}

const noise: readonly ((draws: Draws) => string)[] = [
  (draws) => `# HELP other_${draws.whole(0, 9)} What {"it" is`,
  () => '# TYPE others_total counter',
  (draws) => `other{user="${draws.whole(0, 99)}",path="/a\\"b\\\\"} ${draws.whole(0, 999)}`,
  (draws) => `other_bucket{le="${draws.of(['0.5', '+Inf'])}"} 3 # {trace="x,y"} 0.4`,
  (draws) => `{"quoted.name",a="b"} ${draws.whole(0, 9)}`,
  () => 'other NaN',
  () => 'other +Inf 1700000000000',
  () => `other{word="${'größe '.repeat(20)}"} 1e-9`,
  () => '',
];

export function randomPages(seed: number): RandomPages {
  const draws = new Draws(seed, 'exposition');
  const first = countsAt(draws, undefined);
  const isReset = draws.chance(0.2);
  const second = countsAt(draws, isReset ? undefined : first);
  const isOpenMetrics = draws.chance(0.3);
  const pages = [linesOf(first, draws), linesOf(second, draws)] as const;
  const at = draws.whole(0, 1);
  const { what, lines, touched, isCut = false } = mutated(pages[at]!, draws);
  const texts = pages.map((page, i) => textOf(i === at ? lines : page, isOpenMetrics));
  const cut = isCut ? draws.whole(0, texts[at]!.length) : undefined;
  if (cut !== undefined) texts[at] = texts[at]!.slice(0, cut);
  return {
    what: `${what} in page ${at + 1}${isReset ? ', began anew' : ''}`,
    before: texts[0]!,
    after: texts[1]!,
    contentType: isOpenMetrics ? 'application/openmetrics-text; version=1.0.0' : 'text/plain',
    expected: expectedOf(first, second),
    touched: isCut ? new Set(figures) : touched,
    mayBeRefused: isCut,
  };
}

/** Counters that went on from `from`, or were reset and are below their last values. */
function countsAt(draws: Draws, from: Counts | undefined): Counts {
  const [hits = 0, misses = 0, cpu = 0] =
    from === undefined ? [] : [from.hits, from.misses, from.cpu];
  const models = from?.sizes.length ?? 2;
  // They begin high, so that a reset one is below.
  const most = from === undefined ? 1000 : 500;
  return {
    hits: hits + draws.whole(1, most),
    misses: misses + draws.whole(1, most),
    cpu: cpu + draws.whole(1, most) / 4,
    sizes: Array.from({ length: models }, (_, i) => {
      const { sum = 0, count = 0 } = from?.sizes[i] ?? {};
      return { sum: sum + draws.whole(0, 4000) / 4, count: count + draws.whole(1, most) };
    }),
  };
}

function linesOf({ hits, misses, sizes, cpu }: Counts, draws: Draws): Line[] {
  const lines: Line[] = [];
  const add = (text: string, of?: Figure): void => {
    while (draws.chance(0.3)) lines.push({ text: draws.of(noise)(draws) });
    lines.push(of === undefined ? { text } : { text, of });
  };
  add('# TYPE requests_total counter', 'hitRate');
  add(`requests_total{hit="true",x="1"} ${hits}`, 'hitRate');
  add(`requests_total{x="1",hit="false"} ${misses}`, 'hitRate');
  for (const [i, { sum, count }] of sizes.entries()) {
    // Bounds that differ, come late, or are incomplete; a mean does not need them.
    for (let le = draws.whole(0, 4); le > 0; le -= 1) {
      add(`size_bucket{m="${i}",le="${draws.whole(1, 100)}"} ${draws.whole(0, 2 * count)}`);
    }
    add(`size_sum{m="${i}"} ${sum}`, 'meanSize');
    add(`size_count{m="${i}"} ${count}`, 'meanSize');
  }
  add(`cpu_seconds_total ${cpu}`, 'cpu');
  if (draws.chance(0.02)) {
    for (let i = 0; i < 3000; i += 1) add(`many{n="${i}"} ${i}`);
  }
  return lines;
}

/** Returns the increase between the two pages. A counter that is below its last value counts from 0. */
function expectedOf(first: Counts, second: Counts): Figures {
  const grown = (a: number, b: number): number => (b >= a ? b - a : b);
  const hits = grown(first.hits, second.hits);
  let [sum, count] = [0, 0];
  let isTold = true;
  for (const [i, now] of second.sizes.entries()) {
    const then = first.sizes[i]!;
    const isReset = now.count < then.count;
    // More values and a lower sum: a reset, or values below 0, which cannot be told apart.
    if (!isReset && now.sum < then.sum) isTold = false;
    sum += isReset ? now.sum : now.sum - then.sum;
    count += isReset ? now.count : now.count - then.count;
  }
  const mean = isTold ? { meanSize: { part: sum, whole: count } } : undefined;
  const hitRate = { part: hits, whole: hits + grown(first.misses, second.misses) };
  const cpu = { part: grown(first.cpu, second.cpu), whole: spanMs / 1000 };
  return Object.assign({ hitRate, cpu }, mean);
}

interface Mutation {
  readonly what: string;
  readonly lines: readonly Line[];
  readonly touched: ReadonlySet<Figure>;
  readonly isCut?: boolean;
}

function mutated(lines: Line[], draws: Draws): Mutation {
  const at = draws.whole(0, lines.length - 1);
  const line = lines[at]!;
  const following = lines[at + 1] ?? line;
  const own = ofFigures(line);
  const replaced = (text: string): Line[] => lines.toSpliced(at, 1, { text });
  const split = draws.whole(0, line.text.length);
  const huge = `${line.text}${' '.repeat(70_000)}x`;
  const deep = `deep{${'a="b",'.repeat(5000)}`;
  const mutations: readonly (() => Mutation)[] = [
    () => ({ what: 'untouched', lines, touched: new Set() }),
    () => ({ what: 'cut', lines, touched: new Set(), isCut: true }),
    () => ({ what: 'one is missing', lines: lines.toSpliced(at, 1), touched: own }),
    () => ({ what: 'one is repeated', lines: lines.toSpliced(at, 0, line), touched: new Set() }),
    () => ({
      what: 'split',
      lines: replaced(`${line.text.slice(0, split)}\n${line.text.slice(split)}`),
      touched: own,
    }),
    () => ({
      what: 'merged',
      lines: lines.toSpliced(at, 2, { text: line.text + following.text }),
      touched: ofFigures(line, following),
    }),
    () => ({ what: 'bytes are wrong', lines: replaced(garbled(line.text, draws)), touched: own }),
    () => ({ what: 'a wrong type', lines: replaced(mistyped(line.text, draws)), touched: own }),
    () => ({ what: 'huge', lines: replaced(huge), touched: own }),
    () => ({ what: 'deep', lines: lines.toSpliced(at, 0, { text: deep }), touched: new Set() }),
  ];
  return draws.of(mutations)();
}

function ofFigures(...lines: readonly Line[]): ReadonlySet<Figure> {
  return new Set(lines.flatMap(({ of }) => of ?? []));
}

function garbled(text: string, draws: Draws): string {
  const at = draws.whole(0, text.length);
  const to = Math.min(text.length, at + draws.whole(1, 8));
  const some = draws.of([
    '',
    text.slice(at, to).repeat(2),
    '\u0000',
    '"',
    '}',
    '\uFFFD',
    ' ',
    '\r',
  ]);
  return text.slice(0, at) + some + text.slice(to);
}

function mistyped(text: string, draws: Draws): string {
  const value = draws.of(['NaN', '+Inf', 'nil', '', '-1', '0x10', '1 2 3', '1e400']);
  return text.replace(/ \S*$/, ` ${value}`);
}

function textOf(lines: readonly Line[], isOpenMetrics: boolean): string {
  const end = isOpenMetrics ? '# EOF\n' : '';
  return lines.map(({ text }) => `${text}\n`).join('') + end;
}
