/** Which of several simultaneous tests to keep, so that few of those kept are chance. */

/**
 * Benjamini & Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995): of the kept tests at
 * most the share q is expected to be false.
 */
export function keptDiscoveries(pValues: readonly number[], q: number): boolean[] {
  const sorted = [...pValues].sort((a, b) => a - b);
  const last = sorted.findLastIndex((p, index) => p <= ((index + 1) * q) / sorted.length + 1e-12);
  const largest = last < 0 ? -Infinity : sorted[last]!;
  return pValues.map((p) => p <= largest);
}
