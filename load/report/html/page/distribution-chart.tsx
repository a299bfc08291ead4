/** The distribution of response times on a logarithmic scale, with percentiles and limits. Drawn as SVG. */
import { figureText } from '../../../metrics/figure-text.ts';
import type { Distribution } from '../page-data.ts';

const size = { width: 720, height: 250, left: 8, right: 8, top: 64, bottom: 28 } as const;
const lineHeight = 15;

export function DistributionChart({ distribution }: { readonly distribution: Distribution }) {
  const { name, bars, percentiles, limits, note } = distribution;
  const [low, high] = rangeOf(distribution);
  const plotWidth = size.width - size.left - size.right;
  const x = (ms: number): number =>
    size.left +
    (plotWidth * (Math.log10(ms) - Math.log10(low))) / (Math.log10(high) - Math.log10(low));
  const most = bars.reduce((highest, { count }) => Math.max(highest, count), 1);
  const floor = size.height - size.bottom;
  const y = (count: number): number => floor - (floor - size.top) * (count / most);
  const told = percentiles.map(({ name: of, ms }) => `${of} ${figureText(ms, 'time')}`);
  return (
    <figure class="distribution">
      <figcaption>
        <h3>{name}</h3>
      </figcaption>
      <svg
        viewBox={`0 0 ${size.width} ${size.height}`}
        role="img"
        aria-label={`Distribution of the response time of ${name}: ${[...told, ...limits.map(({ label }) => `limit ${label}`)].join(', ')}`}
      >
        {marksBetween(low, high).map((ms) => (
          <g key={ms}>
            <line class="rule" x1={x(ms)} x2={x(ms)} y1={size.top} y2={floor} />
            <text class="axis" x={x(ms)} y={floor + 17} text-anchor={anchorAt(x(ms))}>
              {figureText(ms, 'time')}
            </text>
          </g>
        ))}
        {bars.map(({ lowMs, highMs, count }) => (
          <rect
            key={lowMs}
            class="bar"
            x={x(lowMs)}
            width={Math.max(1, x(highMs) - x(lowMs) - 1)}
            y={y(count)}
            height={floor - y(count)}
          >
            <title>{`${figureText(lowMs, 'time')}–${figureText(highMs, 'time')}: ${count}`}</title>
          </rect>
        ))}
        {percentiles.map(({ name: of, ms }, i) => (
          <g key={of} class={`percentile p${i}`}>
            <line x1={x(ms)} x2={x(ms)} y1={8 + lineHeight * i} y2={floor} />
            <text x={besideX(x(ms))} y={14 + lineHeight * i} text-anchor={besideAnchor(x(ms))}>
              {told[i]}
            </text>
          </g>
        ))}
        {limits.map(({ at, label }, i) => (
          <g key={label} class="limit">
            <line x1={x(at)} x2={x(at)} y1={size.top} y2={floor} />
            <text
              x={besideX(x(at))}
              y={size.top + 12 + lineHeight * i}
              text-anchor={besideAnchor(x(at))}
            >
              {label}
            </text>
          </g>
        ))}
      </svg>
      <p class="note">{note}</p>
    </figure>
  );
}

function rangeOf({ bars, limits, percentiles }: Distribution): [number, number] {
  const all = [
    ...bars.flatMap(({ lowMs, highMs }) => [lowMs, highMs]),
    ...limits.map(({ at }) => at),
    ...percentiles.map(({ ms }) => ms),
  ].filter((ms) => ms > 0);
  const low = all.reduce((least, ms) => Math.min(least, ms), Infinity);
  const high = all.reduce((most, ms) => Math.max(most, ms), 0);
  if (all.length === 0) return [1, 1000];
  return [low / 1.3, Math.max(high * 1.3, low * 10)];
}

function marksBetween(low: number, high: number): number[] {
  const decades = Math.log10(high / low);
  const digits = decades < 1.6 ? [1, 2, 3, 5, 7] : decades < 3.2 ? [1, 2, 5] : [1];
  const marks: number[] = [];
  for (let exponent = -3; exponent <= 7; exponent++) {
    for (const digit of digits) marks.push(Number(`${digit}e${exponent}`));
  }
  return marks.filter((ms) => ms >= low && ms <= high);
}

function anchorAt(x: number): string {
  if (x < 40) return 'start';
  return x > size.width - 40 ? 'end' : 'middle';
}

/** The label is on the side of its line that has room. */
function besideAnchor(x: number): string {
  return x > size.width * 0.6 ? 'end' : 'start';
}

function besideX(x: number): number {
  return x > size.width * 0.6 ? x - 5 : x + 5;
}
