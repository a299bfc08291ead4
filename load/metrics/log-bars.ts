/** Bars of equal width on a logarithmic time scale, for drawing distributions. */

const barsPerDecade = 20;

/** The bar of a time in whole microseconds. A time of 0 counts as 1 µs, since the scale has no 0. */
export function logBarOf(micros: number): number {
  return Math.floor(Math.log10(Math.max(1, micros) / 1000) * barsPerDecade + 1e-9);
}

/** Where a bar begins, in ms. It is rounded, since the last digits of a power differ between processors. */
export function logBarEdgeMs(bar: number): number {
  return Number((10 ** (bar / barsPerDecade)).toPrecision(6));
}
