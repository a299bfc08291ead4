/** The state of this machine over the time of a load: its lateness, how busy it was, its open sockets. */
import type { IntervalDetail } from '../../metrics/result/details.ts';
import type { Colour, Line, TimeChart } from './page-data.ts';

type Generator = IntervalDetail['generator'];
type Group = readonly { readonly detail: IntervalDetail | undefined }[];
type MakeLine = (name: string, colour: Colour, valueOf: (group: Group) => number | null) => Line;
type Chart = Omit<TimeChart, 'spans'>;

export function generatorCharts(line: MakeLine): Chart[] {
  const health = (pick: (one: Generator) => number | undefined) => (group: Group) => {
    const all = group.flatMap(({ detail }) => (detail && pick(detail.generator)) ?? []);
    const known = all.filter((value) => !Number.isNaN(value));
    return known.length === 0 ? null : Math.max(...known);
  };
  return [
    {
      id: 'lateness',
      title: 'This machine: how late it was',
      dimension: 'time',
      lines: [
        line(
          'lag of requests, p99',
          'vermilion',
          health((one) => one.lagP99Ms),
        ),
        line(
          'delay of the event loop, p99',
          'blue',
          health((one) => one.loopDelayP99Ms),
        ),
        line(
          'delay of the event loop, max',
          'faint',
          health((one) => one.loopDelayMaxMs),
        ),
      ],
      note: 'The lag of a request is the time from when it was due and a user was free until it was sent.',
    },
    {
      id: 'generator',
      title: 'This machine: how busy it was',
      dimension: 'share',
      lines: [
        line(
          'event loop in use',
          'blue',
          health((one) => one.utilisation),
        ),
        line(
          'CPU, of one core',
          'orange',
          health((one) => one.cpu),
        ),
      ],
    },
    ...socketChart(
      line(
        'open',
        'blue',
        health(({ sockets }) => sockets),
      ),
    ),
  ];
}

/** With a proxy the sockets are not counted. */
function socketChart(sockets: Line): Chart[] {
  if (sockets.values.every((value) => value === null)) return [];
  const title = 'This machine: sockets of its clients';
  return [{ id: 'sockets', title, dimension: 'number', lines: [sockets] }];
}
