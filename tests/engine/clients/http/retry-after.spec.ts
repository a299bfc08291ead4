/** The waiting time in all formats that servers use. */
import { expect, test } from '@playwright/test';
import { retryAfterMs } from '../../../../load/clients/http/retry-after.ts';

const nowMs = Date.UTC(2026, 0, 1);

const rows: readonly (readonly [Readonly<Record<string, string>>, number | undefined])[] = [
  [{ 'retry-after': '120' }, 120_000],
  [{ 'retry-after': ' 1 ' }, 1000],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': '0.25' }, 250],
  [{ 'retry-after': '1.' }, 1000],
  [{ 'retry-after': '.5' }, 500],
  [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Thursday, 01-Jan-26 00:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Thu Jan  1 00:00:30 2026' }, 30_000],
  [{ 'retry-after': '2026-01-01T00:00:30Z' }, 30_000],
  [{ 'retry-after': '1 Jan 2026 00:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '-5' }, undefined],
  [{ 'retry-after': '' }, undefined],
  [{}, undefined],
  // A point in time in seconds, and values that are not numbers.
  [{ 'retry-after': '1767225630' }, undefined],
  [{ 'retry-after-ms': '9'.repeat(400) }, undefined],
  [{ 'retry-after-ms': '1500' }, 1500],
  [{ 'retry-after-ms': '12.5', 'retry-after': '7' }, 12.5],
  [{ 'retry-after-ms': 'soon', 'retry-after': '7' }, 7000],
];

for (const [headers, waitMs] of rows) {
  test(`${JSON.stringify(headers)}: ${waitMs ?? 'nothing'}`, () => {
    expect(retryAfterMs({ header: (name) => headers[name] }, nowMs)).toBe(waitMs);
  });
}
