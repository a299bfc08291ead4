/** The time range that all charts show: set with sliders or by dragging over a chart, or reset. */
import { momentText } from '../../../metrics/figure-text.ts';
import type { Mark, Phase, Span } from '../page-data.ts';

interface Props {
  readonly endMs: number;
  readonly range: Span;
  readonly phases: readonly Phase[];
  readonly marks: readonly Mark[];
  readonly moment: Span | undefined;
  readonly onRange: (range: Span) => void;
  readonly onMoment: (at: Span | undefined) => void;
}

const shortestMs = 2000;

export function TimeRange({ endMs, range, phases, marks, moment, onRange, onMoment }: Props) {
  const [fromMs, toMs] = range;
  const share = (ms: number): string => `${(Math.min(ms, endMs) / endMs) * 100}%`;
  const part = ([from, to]: Span) => ({
    left: share(from),
    width: `max(2px, ${share(to - from)})`,
  });
  const slider = (label: string, value: number, onValue: (ms: number) => void) => (
    <label>
      {label} <output>{momentText(value)}</output>
      <input
        type="range"
        min={0}
        max={Math.round(endMs)}
        step={1000}
        value={value}
        aria-valuetext={momentText(value)}
        onInput={({ currentTarget }) => {
          onValue(Number(currentTarget.value));
        }}
      />
    </label>
  );
  return (
    <div class="time-range" role="group" aria-label="Time shown by the charts">
      <div class="strip" aria-hidden="true">
        {phases.map(({ name, at, isJudged }) => (
          <span
            key={`${name}-${at[0]}`}
            class={isJudged ? 'phase judged' : 'phase'}
            style={part(at)}
          >
            {name}
          </span>
        ))}
        {marks.map(({ kind, at, text }) => (
          <span
            key={`${kind}-${at[0]}-${text}`}
            class={`mark ${kind}`}
            style={part(at)}
            title={text}
          />
        ))}
        {moment !== undefined && <span class="mark moment" style={part(moment)} />}
        <span class="window" style={part(range)} />
      </div>
      <div class="sliders">
        {slider('from', fromMs, (ms) => {
          onRange([Math.min(ms, toMs - shortestMs), toMs]);
        })}
        {slider('to', toMs, (ms) => {
          onRange([fromMs, Math.max(ms, fromMs + shortestMs)]);
        })}
        {slider('moment', moment?.[0] ?? 0, (ms) => {
          onMoment([ms, ms + 1000]);
        })}
        <button
          type="button"
          onClick={() => {
            onRange([0, endMs]);
            onMoment(undefined);
          }}
        >
          Whole load
        </button>
      </div>
    </div>
  );
}
