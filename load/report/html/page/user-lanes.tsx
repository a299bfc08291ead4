/** The requests of each sampled user as a lane, with their waits before sending and their first tokens. */
import { figureText, momentText } from '../../../metrics/figure-text.ts';
import type { Span } from '../page-data.ts';
import { timeMarks } from './axes.ts';
import type { ToldRequest } from './told-requests.ts';
import { counted } from '../../../platform/words.ts';

interface Props {
  readonly requests: readonly ToldRequest[];
  readonly range: Span;
  readonly moment: Span | undefined;
  readonly onMoment: (at: Span) => void;
}

const size = { width: 1200, left: 70, right: 10, lane: 34, top: 6 } as const;
/** More requests would overlap. */
const mostShown = 3000;

export function UserLanes({ requests, range, moment, onMoment }: Props) {
  const [fromMs, toMs] = range;
  const sampled = requests.filter(({ isSampled }) => isSampled);
  const users = [...new Set(sampled.map(({ user }) => user))].sort((a, b) => (a ?? 0) - (b ?? 0));
  const within = sampled.filter(
    ({ scheduledMs, tookMs = 0 }) => scheduledMs < toMs && scheduledMs + tookMs > fromMs,
  );
  const shown = within.slice(0, mostShown);
  const floor = size.top + size.lane * users.length;
  const x = (ms: number): number =>
    size.left +
    ((size.width - size.left - size.right) * (Math.min(toMs, Math.max(fromMs, ms)) - fromMs)) /
      (toMs - fromMs);
  const tasks = [...new Set(sampled.map(({ task }) => task))];
  return (
    <figure class="lanes">
      <figcaption>
        <Legend tasks={tasks} />
      </figcaption>
      <div
        class="scroll"
        tabIndex={0}
        role="region"
        aria-label="Requests of sampled users over time"
      >
        <svg
          viewBox={`0 0 ${size.width} ${floor + 24}`}
          role="img"
          aria-label={summary(users.length, sampled.length)}
        >
          {moment !== undefined && (
            <rect
              class="lane-moment"
              x={x(moment[0])}
              width={Math.max(2, x(moment[1]) - x(moment[0]))}
              y={0}
              height={floor}
            />
          )}
          <LaneAxis users={users} />
          {shown.map((request, i) => {
            const lane = users.indexOf(request.user);
            return (
              <LaneRequest
                key={i}
                {...{ request, x, onMoment }}
                y={size.top + size.lane * lane + 7}
                colour={laneColours[tasks.indexOf(request.task) % laneColours.length]!}
              />
            );
          })}
          {timeMarks(range, 900).map((ms) => (
            <text
              key={ms}
              class="axis"
              x={x(ms)}
              y={floor + 17}
              text-anchor={x(ms) > size.width - 30 ? 'end' : 'middle'}
            >
              {momentText(ms)}
            </text>
          ))}
        </svg>
      </div>
      {within.length > shown.length && (
        <p class="note">
          The first {shown.length} of {within.length} are drawn: choose a shorter time above.
        </p>
      )}
    </figure>
  );
}

const laneColours = ['blue', 'green', 'orange', 'purple', 'sky', 'ink'] as const;

function Legend({ tasks }: { readonly tasks: readonly string[] }) {
  return (
    <ul class="legend">
      {tasks.slice(0, laneColours.length).map((task, i) => (
        <li key={task}>
          <span class="swatch" style={{ borderColor: `var(--${laneColours[i]!})` }} />
          {task}
        </li>
      ))}
      <li>
        <span class="swatch wait" /> waiting here
      </li>
      <li>
        <span class="swatch bad" /> did not end ok
      </li>
    </ul>
  );
}

/** A name and a line for each user's lane. */
function LaneAxis({ users }: { readonly users: readonly ToldRequest['user'][] }) {
  return (
    <>
      {users.map((user, lane) => (
        <g key={user}>
          <text x={4} y={size.top + size.lane * lane + 20}>
            user {user}
          </text>
          <line
            class="rule"
            x1={size.left}
            x2={size.width}
            y1={size.top + size.lane * (lane + 1)}
            y2={size.top + size.lane * (lane + 1)}
          />
        </g>
      ))}
    </>
  );
}

interface LaneProps {
  readonly request: ToldRequest;
  readonly x: (ms: number) => number;
  readonly y: number;
  readonly colour: string;
  readonly onMoment: (at: Span) => void;
}

const barHeight = 20;

function LaneRequest({ request, x, y, colour, onMoment }: LaneProps) {
  const { scheduledMs, waitMs = 0, tookMs = 0, ttftMs, outcome } = request;
  const [due, sent, end] = [
    scheduledMs,
    scheduledMs + waitMs,
    scheduledMs + Math.max(tookMs, waitMs),
  ];
  return (
    <g
      class={`lane-request ${outcome === 'ok' ? '' : 'bad'}`}
      onClick={() => {
        onMoment([Math.floor(due), Math.ceil(Math.max(end, due + 1))]);
      }}
    >
      <title>{describe(request)}</title>
      {waitMs > 0 && (
        <rect
          class="wait"
          x={x(due)}
          width={Math.max(0.5, x(sent) - x(due))}
          y={y + 6}
          height={barHeight - 12}
        />
      )}
      <rect
        x={x(sent)}
        width={Math.max(1.5, x(end) - x(sent))}
        y={y}
        height={barHeight}
        style={{ fill: `var(--${colour})` }}
      />
      {ttftMs !== undefined && (
        <line
          class="first-token"
          x1={x(sent + ttftMs)}
          x2={x(sent + ttftMs)}
          y1={y}
          y2={y + barHeight}
        />
      )}
    </g>
  );
}

function describe({
  task,
  request,
  outcome,
  kind,
  scheduledMs,
  waitMs,
  tookMs,
  labels,
  ttftMs,
  tokens,
}: ToldRequest): string {
  const name = task === request ? task : `${task}: ${request}`;
  const ended = kind === undefined ? outcome : `${outcome} (${kind})`;
  const first = ttftMs === undefined ? [] : [`first token after ${figureText(ttftMs, 'time')}`];
  const count = tokens === undefined ? [] : [counted(tokens, 'token')];
  const parts = [
    `${name} at ${momentText(scheduledMs)}`,
    `took ${figureText(tookMs, 'time')}, of it ${figureText(waitMs, 'time')} waiting here`,
    ended,
    ...first,
    ...count,
    ...(labels === '' ? [] : [labels]),
  ];
  return parts.join('; ');
}

function summary(users: number, requests: number): string {
  return `${counted(requests, 'request')} of ${counted(users, 'sampled user')} over time; the table of a moment lists them`;
}
