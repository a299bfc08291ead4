/** How the kept figures and texts are laid out in their files. */
import { createHash } from 'node:crypto';

const longestList = 90;

/** Keeps the beginning of a long list, and a hash that tells of any change in the rest. */
export function shortened(list: readonly unknown[]): readonly unknown[] {
  return list.length <= longestList ? list : [...list.slice(0, 9), hashOf(JSON.stringify(list))];
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** The same of a long text. */
export function beginningOf(text: string, lines: number): string {
  const all = text.split('\n');
  return all.length <= lines ? text : [...all.slice(0, lines), hashOf(text)].join('\n');
}

export function sectionsOf(texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts)
    .map(([title, text]) => `======== ${title}\n${text}\n`)
    .join('\n');
}

/** JSON in lines that can be compared: what fits into one stands in one. */
export function linesOf(value: unknown, indent = ''): string {
  if (value === undefined) return 'null';
  const compact = JSON.stringify(value, (_, one: unknown) => {
    if (typeof one !== 'number' || Number.isFinite(one)) return one;
    return Number.isNaN(one) ? null : String(one);
  });
  const isShort = compact.length + indent.length <= 140;
  if (isShort || typeof value !== 'object' || value === null || isPairs(value)) return compact;
  const inner = `${indent} `;
  if (Array.isArray(value)) {
    return `[\n${value.map((one) => `${inner}${linesOf(one, inner)}`).join(',\n')}\n${indent}]`;
  }
  const fields = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .map(([name, one]) => `${inner}${JSON.stringify(name)}: ${linesOf(one, inner)}`);
  return `{\n${fields.join(',\n')}\n${indent}}`;
}

function isPairs(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    Array.isArray(value[0]) &&
    typeof value[0][0] === 'number' &&
    value[0].length === 2
  );
}
