/** The state of this machine over the time of a load: its lateness, how busy it was, its open sockets. */
import type { IntervalDetail } from '../../metrics/result/details.ts';
import type { Colour, Line, TimeChart } from './page-data.ts';

type Generator = IntervalDetail['generator'];
type Group = readonly { readonly detail: IntervalDetail | undefined }[];
type MakeLine = (name: string, colour: Colour, valueOf: (group: Group) => number | null) => Line;
type Chart = Omit<TimeChart, 'spans'>;

export function generatorCharts(makeLine: MakeLine): Chart[] {
  const line = (name: string, colour: Colour, pick: (one: Generator) => number | undefined): Line =>
    makeLine(name, colour, (group) => highest(group, pick));
  return [
    {
      id: 'lateness',
      title: 'This machine: how late it was',
      dimension: 'time',
      lines: [
        line('lag of requests, p99', 'vermilion', (one) => one.lagP99Ms),
        line('delay of the event loop, p99', 'blue', (one) => one.loopDelayP99Ms),
        line('delay of the event loop, max', 'faint', (one) => one.loopDelayMaxMs),
      ],
      note: 'The lag of a request is the time from when it was due and a user was free until it was sent.',
    },
    {
      id: 'generator',
      title: 'This machine: how busy it was',
      dimension: 'share',
      lines: [
        line('event loop in use', 'blue', (one) => one.utilisation),
        line('CPU, of one core', 'orange', (one) => one.cpu),
      ],
    },
    ...socketChart(line('open', 'blue', ({ sockets }) => sockets)),
  ];
}

/** The highest known value of the group's intervals; null if there is none. */
function highest(group: Group, pick: (one: Generator) => number | undefined): number | null {
  const all = group.flatMap(({ detail }) => (detail && pick(detail.generator)) ?? []);
  const known = all.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? null : Math.max(...known);
}

/** With a proxy the sockets are not counted. */
function socketChart(sockets: Line): Chart[] {
  if (sockets.values.every((value) => value === null)) return [];
  const title = 'This machine: sockets of its clients';
  return [{ id: 'sockets', title, dimension: 'number', lines: [sockets] }];
}
