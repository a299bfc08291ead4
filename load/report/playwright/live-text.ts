/** Texts about running loads, on one line that fits the width. */
import { figureText, momentText, shareText } from '../../metrics/figure-text.ts';
import type { LoadEvent } from '../../metrics/log/schema.ts';
import { counted, cut } from '../../platform/words.ts';
import { sumStatus, type LiveStatus } from './live-load.ts';
import { lengthOf, visible } from '../text/text-table.ts';

/** The shortest useful beginning of a name. */
const shortestName = 12;

/**
 * One line of at most `width` characters. If there is too little room, shorter words are used, then the
 * name is cut, then figures are left out. Several loads share the line as if they were one.
 */
export function liveText(loads: readonly LiveStatus[], width = Infinity): string {
  const [first] = loads;
  if (first === undefined) return '';
  const status = loads.length === 1 ? first : sumStatus(`${loads.length} loads`, loads);
  const { phase, users, inFlight, figures } = shortParts(status);
  const texts = [
    `${visible(status.name)}: ${longParts(status).join(', ')}`,
    named(status.name, [phase, users, inFlight, ...figures], width),
    named(status.name, [phase, users, ...figures], width),
    named(status.name, [users, ...figures], width),
  ];
  return texts.find((text) => lengthOf(text) <= width) ?? cut(texts[1]!, width);
}

/** `0:20 web-shop-spike-200-users: …`. */
export function plainText(status: LiveStatus): string {
  return `${momentText(status.atMs)} ${liveText([status])}`;
}

/** `0:12 web-shop-spike-200-users: chat took 3421 ms (ok)`. */
export function slowLines(name: string, events: readonly LoadEvent[]): string[] {
  return events.map(({ atMs, text }) => `${momentText(atMs)} ${visible(`${name}: ${text}`)}`);
}

function longParts(status: LiveStatus): string[] {
  const { failures, ended } = status;
  const share = failures > 0 ? ` (${shareText(failures / ended)})` : '';
  return [
    status.phase,
    counted(status.users, 'user'),
    `${status.inFlight} in flight`,
    `${figureText(status.requestsPerSecond, 'number')} requests/s`,
    `p95 ${figureText(status.p95Ms, 'time')}`,
    `${counted(failures, 'error')}${share}`,
    ...(status.slow > 0 ? [`${status.slow} more slow`] : []),
    leftText(status, ' (samples are lacking)'),
  ];
}

function shortParts(status: LiveStatus) {
  return {
    phase: status.phase === 'steady state' ? 'steady' : status.phase,
    users: counted(status.users, 'user'),
    inFlight: `${status.inFlight} in flight`,
    figures: [
      `${figureText(status.requestsPerSecond, 'number')}/s`,
      `p95 ${figureText(status.p95Ms, 'time')}`,
      counted(status.failures, 'error'),
      ...(status.slow > 0 ? [`${status.slow} slow`] : []),
      leftText(status, ''),
    ],
  };
}

/** A load that is over drains, whatever is planned. After its planned end it goes on for more samples. */
function leftText({ phase, leftMs, inFlight }: LiveStatus, reason: string): string {
  if (phase === 'drain') return inFlight > 0 ? 'waits for requests in flight' : 'ends';
  // To the nearest second, since the border of the last interval may come a moment early or late.
  return leftMs > -500 ? `${momentText(leftMs + 500)} left` : `extended${reason}`;
}

/** With as much of the name as there is room for. */
function named(name: string, parts: readonly string[], width: number): string {
  const rest = `: ${parts.join(' ')}`;
  return cut(visible(name), Math.max(shortestName, width - lengthOf(rest))) + rest;
}
