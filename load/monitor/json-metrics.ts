/**
 * `jsonMetrics('/api/v1/metrics', …)`: levels out of a JSON document, each by its path. What is not
 * there, or is no number, is unknown: `null` is how a service says that it does not know either.
 */
import { nothingKnown, reasonOf, type Measured, type MonitorSource } from './source.ts';

/** `figures`: name → path in the document, such as `database.pool_active` or `nodes.0.load`. */
export function jsonMetrics(
  path: string,
  figures: Readonly<Record<string, string>>,
): MonitorSource {
  return {
    name: path,
    open: (http) => ({
      async read() {
        try {
          const { text } = await http.get(path);
          return gaugesOf(text, figures);
        } catch (error) {
          return nothingKnown(reasonOf(error));
        }
      },
    }),
  };
}

/** Reads each figure at its path. A text that is no JSON is unknown as a whole. */
export function gaugesOf(text: string, figures: Readonly<Record<string, string>>): Measured {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return nothingKnown('the answer is not JSON');
  }
  const gauges: Record<string, number> = {};
  const unknown: Record<string, string> = {};
  for (const [figure, path] of Object.entries(figures)) {
    const value = valueAt(document, path);
    if (typeof value === 'number') gauges[figure] = value;
    else unknown[figure] = `${path} is ${value === undefined ? 'not there' : shown(value)}`;
  }
  return { gauges, ...(Object.keys(unknown).length === 0 ? {} : { unknown }) };
}

function valueAt(document: unknown, path: string): unknown {
  let value = document;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, 60);
}
