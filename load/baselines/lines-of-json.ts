/** JSON for git: what changes between two runs changes its own lines, and a reader finds the figures. */

const longestLine = 100;

/**
 * One member a line, but whole where it fits a line or where it is a list of numbers (the buckets of a
 * histogram). Ends with a line break.
 */
export function linesOfJson(value: unknown): string {
  return `${lines(value, '')}\n`;
}

function lines(value: unknown, indent: string): string {
  const whole = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || isNumbers(value)) return whole;
  if (indent.length + whole.length <= longestLine) return whole;
  const inner = `${indent}  `;
  const own = Object.entries(value).filter(([, member]) => member !== undefined);
  const members = Array.isArray(value)
    ? value.map((member) => `${inner}${lines(member, inner)}`)
    : own.map(([name, member]) => `${inner}${JSON.stringify(name)}: ${lines(member, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${members.join(',\n')}\n${indent}${close}`;
}

function isNumbers(value: object): boolean {
  return Array.isArray(value) && value.flat().every((member) => typeof member === 'number');
}
