/** The distribution of a trend: a latency's is of the one layout, that of a user's own trend of the other. */
import { Histogram, type HistogramData } from './histogram.ts';
import { SignedHistogram, type SignedHistogramData } from './signed-histogram.ts';

export type TrendHistogram = Histogram | SignedHistogram;

export type TrendData = HistogramData | SignedHistogramData;

/**
 * The histogram with what `more` holds on top: itself, where its layout can hold that. Trends of users were
 * once kept as latencies are, and logs of then stay readable.
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

/** The one of a latency: a built-in trend is never of the other layout. */
export function latencyData(data: TrendData | undefined): HistogramData | undefined {
  return data === undefined || isSignedData(data) ? undefined : data;
}

function isSignedData(data: TrendData | TrendHistogram): data is SignedHistogramData {
  return 'layout' in data && data.layout === 'signed';
}
