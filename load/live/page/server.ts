/** Requests from the page to its server. */
import type { RunList } from '../page-data.ts';

export interface Runs extends RunList {
  readonly running: readonly string[];
}

/** Resolves with the answer. Rejects with the server's message. */
export async function ask<T>(path: string, body?: unknown): Promise<T> {
  const post = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await fetch(path, body === undefined ? {} : post).catch(() => undefined);
  if (response === undefined)
    throw new Error('The server of this page does not answer; has it ended?');
  const answer = (await response.json().catch(() => ({}))) as T & { readonly error?: string };
  if (!response.ok) throw new Error(answer.error ?? `The server answered ${response.status}.`);
  return answer;
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The page's locations, as parts of the URL, so that a reload returns to the same place. */
export const places = {
  home: '#/',
  run: (id: string) => `#/run/${encodeURIComponent(id)}`,
  load: (id: string, name: string) => `#/run/${encodeURIComponent(id)}/${encodeURIComponent(name)}`,
  compare: (before: string, after: string) =>
    `#/compare/${encodeURIComponent(before)}/${encodeURIComponent(after)}`,
} as const;
