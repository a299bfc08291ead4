/** A chart over the rounds of a pair, drawn as SVG. */
import { useId } from 'preact/hooks';
import { figureText } from '../../../metrics/figure-text.ts';
import type { RoundChart, RoundSeries } from '../page-data.ts';
import { linearAxis } from './axes.ts';

const size = { width: 720, height: 260, left: 62, right: 12, top: 10, bottom: 34 } as const;
const floor = size.height - size.bottom;
const mostRoundMarks = 12;

export function RoundChartView({ chart }: { readonly chart: RoundChart }) {
  const { title, unit, rounds, lines, points, band, limits, note } = chart;
  const { x, y, marks } = scalesOf(chart);
  const every = Math.ceil(rounds.length / mostRoundMarks);
  const latest = lines.map(({ name, values }) => `${name} ${text(lastOf(values), unit)}`);
  return (
    <figure class="rounds">
      <figcaption>
        <h3>{title}</h3>
        <Legend chart={chart} />
      </figcaption>
      <svg
        viewBox={`0 0 ${size.width} ${size.height}`}
        role="img"
        aria-label={`${title}; in the last of ${rounds.length} rounds: ${latest.join(', ')}`}
      >
        {marks.map((mark) => (
          <g key={mark}>
            <line
              class="rule"
              x1={size.left}
              x2={size.width - size.right}
              y1={y(mark)}
              y2={y(mark)}
            />
            <text class="axis" x={size.left - 8} y={y(mark) + 4} text-anchor="end">
              {text(mark, unit)}
            </text>
          </g>
        ))}
        {rounds.map(
          (round, i) =>
            i % every === 0 && (
              <text key={round} class="axis" x={x(round)} y={floor + 16} text-anchor="middle">
                {round}
              </text>
            ),
        )}
        <text class="axis" x={size.width - size.right} y={size.height - 3} text-anchor="end">
          round
        </text>
        {band !== undefined && <BandView area={areaOf(band, x, y)} colour={band.colour} />}
        {limits.map(({ at, label }) => (
          <g key={label} class="limit">
            <line x1={size.left} x2={size.width - size.right} y1={y(at)} y2={y(at)} />
            <text x={size.width - size.right} y={y(at) - 4} text-anchor="end">
              {label}
            </text>
          </g>
        ))}
        {lines.map((series) => (
          <path
            key={series.name}
            d={lineOf(series, x, y)}
            fill="none"
            stroke={`var(--${series.colour})`}
            stroke-width={2}
            stroke-dasharray={series.isDashed === true ? '6 4' : undefined}
          />
        ))}
        {[...points, ...lines].flatMap((series) =>
          placesOf(series).map(([round, value]) => (
            <circle
              key={`${series.name} ${round}`}
              cx={x(round)}
              cy={y(value)}
              r={points.includes(series) ? 4 : 2.5}
              fill={`var(--${series.colour})`}
            >
              <title>{`${series.name}, round ${round}: ${text(value, unit)}`}</title>
            </circle>
          )),
        )}
      </svg>
      <p class="note">{note}</p>
    </figure>
  );
}

function Legend({ chart }: { readonly chart: RoundChart }) {
  const { lines, points, band } = chart;
  const named = [...lines, ...(band === undefined ? [] : [band]), ...points];
  return (
    <ul class="legend">
      {named.map((series) => (
        <li key={series.name}>
          <span
            class={`swatch ${series.isDashed === true ? 'dashed' : ''} ${kindOf(chart, series)}`}
            style={{ borderColor: `var(--${series.colour})` }}
          />
          {series.name}
        </li>
      ))}
    </ul>
  );
}

/** The band of an interval, cut off at the edge of the plot. */
function BandView({ area, colour }: { readonly area: string; readonly colour: string }) {
  const plotId = useId();
  return (
    <g>
      <clipPath id={plotId}>
        <rect
          x={size.left}
          y={size.top}
          width={size.width - size.left - size.right}
          height={floor - size.top}
        />
      </clipPath>
      <path
        class="band"
        d={area}
        fill={`var(--${colour})`}
        opacity={0.28}
        clip-path={`url(#${plotId})`}
      />
    </g>
  );
}

type Scale = (value: number) => number;

function scalesOf({ rounds, lines, points, shown }: RoundChart) {
  const values = [...lines, ...points].flatMap((one) => one.values);
  const known = [...values, ...(shown ?? [])].filter((value) => value !== null);
  const { min, max, marks } = linearAxis(Math.min(0, ...known), Math.max(0, ...known));
  const [first, last] = [rounds[0] ?? 1, rounds.at(-1) ?? 1];
  // A single round is drawn in the middle.
  const span = last - first || 2;
  const begin = last === first ? first - 1 : first;
  const inner = 10;
  const width = size.width - size.left - size.right - 2 * inner;
  const x: Scale = (round) => size.left + inner + (width * (round - begin)) / span;
  const y: Scale = (value) => floor - ((floor - size.top) * (value - min)) / (max - min || 1);
  return { x, y, marks };
}

function placesOf({ at, values }: RoundSeries): (readonly [number, number])[] {
  return at.flatMap((round, i) => {
    const value = values[i] ?? null;
    return value === null ? [] : [[round, value] as const];
  });
}

function lineOf(series: RoundSeries, x: Scale, y: Scale): string {
  return placesOf(series)
    .map(([round, value], i) => `${i === 0 ? 'M' : 'L'}${x(round)} ${y(value)}`)
    .join('');
}

/** Along the upper ends, and back along the lower ones. */
function areaOf(
  { low, high, ...band }: NonNullable<RoundChart['band']>,
  x: Scale,
  y: Scale,
): string {
  const upper = placesOf({ ...band, values: high });
  const lower = placesOf({ ...band, values: low }).reverse();
  const way = [...upper, ...lower].map(([round, value]) => `${x(round)} ${y(value)}`);
  return way.length === 0 ? '' : `M${way.join('L')}Z`;
}

function kindOf({ lines, points }: RoundChart, series: { readonly name: string }): string {
  if (points.some(({ name }) => name === series.name)) return 'dot';
  return lines.some(({ name }) => name === series.name) ? '' : 'area';
}

function lastOf(values: RoundSeries['values']): number | null {
  return values.findLast((value) => value !== null) ?? null;
}

function text(value: number | null, unit: RoundChart['unit']): string {
  if (value === null) return '–';
  if (unit === 'ms') return figureText(value, 'time');
  return `${String(Number(value.toPrecision(3))).replace('-', '−')}${unit === '%' ? ' %' : ''}`;
}
