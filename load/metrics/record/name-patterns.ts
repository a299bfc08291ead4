/**
 * Finds names of requests that differ only in an id (`/orders/17`, `/orders/18`). To the user they are
 * one request, but each takes a series. They are counted here, so that a note can suggest one name.
 */

/** How many distinct names are kept. A run with more has shown its patterns by then. */
const mostNames = 20_000;
/** Fewer names with one pattern may be different requests (`page 1` to `page 5`). */
const leastAlike = 20;
const mostPatterns = 3;

const ids = [
  /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi,
  // A hash, or a key of letters and digits.
  /\b(?=[a-z]*\d)(?=\d*[a-z])[0-9a-z]{8,}\b/gi,
  /\d+/g,
];

export class NamePatterns {
  private readonly names = new Set<string>();
  private readonly counts = new Map<string, number>();

  /** Adds a name that was not seen before, as far as known. */
  add(name: string): void {
    if (this.names.size >= mostNames || this.names.has(name)) return;
    this.names.add(name);
    const pattern = patternOf(name);
    if (pattern !== name) this.counts.set(pattern, (this.counts.get(pattern) ?? 0) + 1);
  }

  /** A note for each pattern with many names, the largest first. */
  notes(): string[] {
    const least = this.names.size >= mostNames ? 'at least ' : '';
    return [...this.counts]
      .filter(([, count]) => count >= leastAlike)
      .sort(([, a], [, b]) => b - a)
      .slice(0, mostPatterns)
      .map(([pattern, count]) => {
        const alike = `${least}${count} names of requests look like one: "${pattern}"`;
        return `${alike}; give these requests that \`name\`, and they are counted together`;
      });
  }
}

/** `/orders/17?page=2` → `/orders/{id}?page={id}` */
export function patternOf(name: string): string {
  return ids.reduce((text, id) => text.replace(id, '{id}'), name);
}
