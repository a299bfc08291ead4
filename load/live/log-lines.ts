/** The latest events of a load as lines, for viewers. Their number is limited. */
import { momentText } from '../metrics/figure-text.ts';
import type { Interval, LogLine } from '../metrics/log/schema.ts';
import { stageText } from '../metrics/log/stage.ts';
import { formatMs } from '../platform/duration.ts';
import { cut } from '../platform/words.ts';
import type { Item } from '../report/html/page-data.ts';

const mostLines = 200;
/** Maximum number of lines per interval, since a system that is down fails in hundreds of ways. */
const mostOfInterval = 20;
const longestLine = 300;

export class LogLines {
  private lines: Item[] = [];
  private phase = '';

  add(line: LogLine): void {
    if (line.type === 'plan') this.tell(0, `${line.system}: ${line.title}, ${line.level}`);
    else if (line.type === 'interval') this.addInterval(line);
    else
      this.tell(line.atMs, `ended: ${line.cause}${line.detail === '' ? '' : `, ${line.detail}`}`);
    if (this.lines.length > mostLines) this.lines = this.lines.slice(-mostLines);
  }

  newestFirst(): readonly Item[] {
    return [...this.lines].reverse();
  }

  private addInterval({
    startMs,
    phases,
    events,
    stalls,
    stages = [],
    requests = [],
  }: Interval): void {
    const [phase = ''] = phases;
    if (phase !== this.phase) this.tell(startMs, `${phase} begins`);
    this.phase = phase;
    const told = [
      ...stages.map((stage) => ({ atMs: stage.atMs, text: stageText(stage) })),
      ...events.map(({ atMs, kind, text }) => ({ atMs, text: `${kind}: ${text}` })),
      ...stalls.map(({ startMs: atMs, endMs, inFlight }) => {
        return { atMs, text: `stall of ${formatMs(endMs - atMs)}, ${inFlight} in flight` };
      }),
      ...requests
        .filter(({ why }) => why.includes('failed'))
        .map(({ task, kind = '', detail = '', endedMs: atMs = startMs }) => {
          return { atMs, text: `${task}: ${kind}${detail === '' ? '' : `: ${detail}`}` };
        }),
    ].sort((a, b) => a.atMs - b.atMs);
    for (const { atMs, text } of told.slice(0, mostOfInterval)) this.tell(atMs, text);
  }

  private tell(atMs: number, text: string): void {
    const fromMs = Math.floor(atMs / 1000) * 1000;
    const at = [fromMs, fromMs + 1000] as const;
    this.lines.push({ text: cut(`${momentText(atMs)}  ${text}`, longestLine), at });
  }
}
