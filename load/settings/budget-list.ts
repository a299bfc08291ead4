/** `LOAD_BUDGETS`: budgets on one line, such as `p95<2s,errorRate<1%`, for a custom load. */

const accepted = 'accepted is a list such as p95<2s,errorRate<1%, or with a task query: p95<3s';
/** A comma, but not one between labels in braces. */
const comma = /,(?![^{}]*\})/;
const entry =
  /^(?:([^:<>={}]+):)?\s*([\w.]+(?:\{[^{}]*\})?)\s*(<=|>=|<|>|=)\s*([\d.-]+)\s*([a-zA-Z%/]*)$/;

/**
 * Parses the list into budgets as a test states them:
 * `{ p95: '< 2 s', tasks: { query: { p95: '< 3 s' } } }`. Throws if the text is not such a list. Metrics
 * and units are checked later, where the budgets are parsed.
 */
export function budgetList(text: string): Readonly<Record<string, unknown>> {
  const ofRun: Record<string, string> = {};
  const tasks: Record<string, Record<string, string>> = {};
  for (const part of text.split(comma)) {
    const match = entry.exec(part.trim());
    if (match === null) throw new Error(`"${part.trim()}" is no limit; ${accepted}`);
    const [, task, key = '', ...limit] = match;
    const limits = task === undefined ? ofRun : (tasks[task.trim()] ??= {});
    if (Object.hasOwn(limits, key)) throw new Error(`"${key}" is limited twice`);
    limits[key] = limit.join(' ').trim();
  }
  return Object.keys(tasks).length === 0 ? ofRun : { ...ofRun, tasks };
}
