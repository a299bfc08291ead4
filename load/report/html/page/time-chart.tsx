/** A chart over time. It redraws with new data, another range or another moment. */
import { CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import {
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components';
import { init, use, type EChartsType } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Mark, Phase, Span, TimeChart } from '../page-data.ts';
import { chartOption, plot } from './chart-option.ts';
import { useTheme } from './theme.tsx';

use([
  CustomChart,
  LineChart,
  ScatterChart,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
  CanvasRenderer,
]);

interface Props {
  readonly chart: TimeChart;
  readonly range: Span;
  readonly moment: Span | undefined;
  readonly phases: readonly Phase[];
  readonly marks: readonly Mark[];
  readonly onMoment: (at: Span) => void;
  readonly onRange: (range: Span) => void;
}

export function TimeChartView(props: Props) {
  const { chart, range } = props;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const box = useRef<HTMLDivElement>(null);
  useDrawing(box, props, hidden);
  const drag = useDrag(props);
  const toggle = (name: string): void => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    setHidden(next);
  };
  const limits = [...(chart.limits ?? []), ...(chart.band === undefined ? [] : [chart.band])];
  const names = [...chart.lines, ...limits.map(({ label }) => ({ name: label }))].map(
    ({ name }) => name,
  );
  return (
    <figure class="chart" id={`chart-${chart.id}`}>
      <figcaption>
        <h3>{chart.title}</h3>
        <ul class="legend">
          {chart.lines.map(({ name, colour, isDashed }) => (
            <li key={name}>
              <button
                type="button"
                aria-pressed={!hidden.has(name)}
                onClick={() => {
                  toggle(name);
                }}
              >
                <span
                  class={`swatch ${isDashed ? 'dashed' : ''}`}
                  style={{ borderColor: `var(--${colour})` }}
                />
                {name}
              </button>
            </li>
          ))}
        </ul>
      </figcaption>
      <div
        class="plot"
        role="img"
        aria-label={`${chart.title} over time: ${names.join(', ')}. The figures of a moment stand in the table below the charts.`}
        {...drag.handlers}
      >
        <div ref={box} class="canvas" />
        {drag.selected && <div class="selection" style={selectionStyle(drag.selected, range)} />}
      </div>
      {chart.note !== undefined && <p class="note">{chart.note}</p>}
    </figure>
  );
}

function useDrawing(
  box: { readonly current: HTMLDivElement | null },
  { chart, range, moment, phases, marks }: Props,
  hidden: ReadonlySet<string>,
): void {
  const drawn = useRef<EChartsType>(undefined);
  const [widthPixels, setWidth] = useState(0);
  const theme = useTheme();
  useEffect(() => {
    const own = init(box.current, null, { renderer: 'canvas' });
    drawn.current = own;
    const watch = new ResizeObserver(() => {
      own.resize();
      setWidth(own.getWidth());
    });
    watch.observe(box.current!);
    return () => {
      watch.disconnect();
      own.dispose();
    };
  }, []);
  const option = useMemo(
    () =>
      widthPixels === 0
        ? undefined
        : chartOption(chart, { range, moment, phases, marks, hidden, widthPixels }),
    [chart, range, moment, phases, marks, hidden, widthPixels, theme],
  );
  useEffect(() => {
    if (option !== undefined) drawn.current?.setOption(option, { notMerge: true });
  }, [option]);
}

interface Dragged {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A shorter drag counts as a click. */
const shortestDragPixels = 6;

/** A click shows the moment, a drag the range. */
function useDrag({ range, chart, onMoment, onRange }: Props) {
  const [selected, setSelected] = useState<Dragged>();
  const began = useRef<{ readonly x: number; readonly ms: number } | undefined>(undefined);
  const msAt = ({
    currentTarget,
    clientX,
  }: PointerEvent & { readonly currentTarget: HTMLElement }): number => {
    const { left, width } = currentTarget.getBoundingClientRect();
    const share = (clientX - left - plot.left) / (width - plot.left - plot.right);
    return range[0] + Math.min(1, Math.max(0, share)) * (range[1] - range[0]);
  };
  type Event = PointerEvent & { readonly currentTarget: HTMLElement };
  return {
    selected,
    handlers: {
      onPointerDown: (event: Event) => {
        if (event.button === 0) began.current = { x: event.clientX, ms: msAt(event) };
      },
      onPointerMove: (event: Event) => {
        const start = began.current;
        if (start === undefined || Math.abs(event.clientX - start.x) < shortestDragPixels) return;
        setSelected({
          fromMs: Math.min(start.ms, msAt(event)),
          toMs: Math.max(start.ms, msAt(event)),
        });
      },
      onPointerUp: (event: Event) => {
        const start = began.current;
        began.current = undefined;
        setSelected(undefined);
        if (start === undefined) return;
        if (selected !== undefined)
          onRange([Math.round(selected.fromMs), Math.round(selected.toMs)]);
        else onMoment(nearestSpan(chart.spans, msAt(event)));
      },
      onPointerLeave: () => {
        began.current = undefined;
        setSelected(undefined);
      },
    },
  };
}

function nearestSpan(spans: readonly Span[], ms: number): Span {
  const within = spans.find(([fromMs, toMs]) => ms >= fromMs && ms < toMs);
  return within ?? [Math.floor(ms / 1000) * 1000, Math.floor(ms / 1000) * 1000 + 1000];
}

function selectionStyle({ fromMs, toMs }: Dragged, [rangeFrom, rangeTo]: Span) {
  const share = (ms: number): number => (ms - rangeFrom) / (rangeTo - rangeFrom);
  const width = `(100% - ${plot.left + plot.right}px)`;
  return {
    left: `calc(${plot.left}px + ${width} * ${share(fromMs)})`,
    width: `calc(${width} * ${share(toMs) - share(fromMs)})`,
  };
}
