/** Finds the name that was meant by a mistyped one. */

/**
 * The candidate with the fewest edits from `name`, or `undefined` if none is within `mostEdits`, by
 * default half the name's length.
 * @example
 * nearestName('tasks', ['task', 'user']); // 'task'
 */
export function nearestName(
  name: string,
  candidates: Iterable<string>,
  mostEdits = Math.max(2, Math.ceil(name.length / 2)),
): string | undefined {
  let nearest: string | undefined;
  let fewest = mostEdits + 1;
  for (const candidate of candidates) {
    const edits = editsBetween(name.toLowerCase(), candidate.toLowerCase());
    if (edits < fewest) {
      fewest = edits;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Levenshtein distance: insertions, deletions and replacements of a character. */
function editsBetween(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, previous[j]! + 1, row[j - 1]! + 1));
    }
    previous = row;
  }
  return previous[b.length]!;
}
