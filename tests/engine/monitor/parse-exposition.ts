import { ExpositionReader } from '../../../load/monitor/prometheus-text.ts';

/** Parses a whole answer, in which every line must be valid. */
export function parseExposition(
  text: string,
  contentType = '',
): ReturnType<ExpositionReader['end']> {
  const reader = new ExpositionReader({ contentType });
  reader.feed(text);
  return reader.end();
}
