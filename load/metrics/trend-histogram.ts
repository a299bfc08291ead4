/** The distribution of a trend: latencies use one layout, users' own trends the other. */
import { Histogram, type HistogramData } from './histogram.ts';
import { SignedHistogram, type SignedHistogramData } from './signed-histogram.ts';

export type TrendHistogram = Histogram | SignedHistogram;

export type TrendData = HistogramData | SignedHistogramData;

/**
 * Adds the data to the histogram, and returns it or, if its layout cannot hold the data, a new one. Older
 * logs kept users' trends in the layout of latencies, and must stay readable.
 */
export function withMore(
  known: TrendHistogram | undefined,
  more: TrendData | TrendHistogram,
): TrendHistogram {
  const isSigned = more instanceof SignedHistogram || isSignedData(more);
  if (!isSigned && !(known instanceof SignedHistogram)) {
    const sum = known ?? new Histogram();
    sum.add(more);
    return sum;
  }
  const sum = known instanceof SignedHistogram ? known : new SignedHistogram();
  if (known instanceof Histogram) sum.add(known);
  sum.add(more);
  return sum;
}

/** The data of a latency. A built-in trend never has the other layout. */
export function latencyData(data: TrendData | undefined): HistogramData | undefined {
  return data === undefined || isSignedData(data) ? undefined : data;
}

function isSignedData(data: TrendData | TrendHistogram): data is SignedHistogramData {
  return 'layout' in data && data.layout === 'signed';
}
