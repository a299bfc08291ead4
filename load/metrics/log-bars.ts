/** Bars of equal width on a logarithmic scale of time: what distributions are drawn with. */

const barsPerDecade = 20;

/** The bar of a time in whole microseconds; what took no measurable time stands with 1 µs, as the scale has no 0. */
export function logBarOf(micros: number): number {
  return Math.floor(Math.log10(Math.max(1, micros) / 1000) * barsPerDecade + 1e-9);
}

/** Where a bar begins, in ms. Rounded: the last digits of a power differ between processors. */
export function logBarEdgeMs(bar: number): number {
  return Number((10 ** (bar / barsPerDecade)).toPrecision(6));
}
