import { expect, test } from '@playwright/test';
import type { TestResult } from '@playwright/test/reporter';
import { toldOnce } from '../../../../load/report/allure/told-once.ts';

const message = 'Error: Budget not met: p95 is 3 s\n\nFAIL  p95';
const frames = '    at tests/shop.spec.ts:7:1';

function text(name: string, body: string, contentType = 'text/plain') {
  return { name, contentType, body: Buffer.from(body) };
}

function told(more: Partial<TestResult>) {
  return toldOnce({ attachments: [], errors: [], ...more } as unknown as TestResult);
}

const broken = { message, stack: `${message}\n${frames}` };

test('what the error says stands in nothing beside it, and its stack says only where', () => {
  const { error, errors, attachments } = told({
    errors: [broken],
    attachments: [
      text('budgets', 'Budget not met: p95 is 3 s\n\nFAIL  p95'),
      text('statistics', 'task  requests'),
      text('budgets', '<svg/>', 'image/svg+xml'),
      text('budgets (load 2)', '<svg/>', 'image/svg+xml'),
      text('throughput and errors', '<svg/>', 'image/svg+xml'),
      { name: 'error-context', contentType: 'text/markdown', path: '/run/error-context.md' },
    ],
  });
  expect(error).toEqual({ message, stack: frames.trim() });
  expect(errors).toEqual([error]);
  expect(attachments.map(({ name }) => name)).toEqual(['statistics', 'throughput and errors']);
});

test('of several errors each is told, one that is there twice once', () => {
  const other = { message: 'Error: slower than its baseline' };
  const { error } = told({ errors: [broken, other, broken] });
  expect(error?.message).toBe(`${message}\n\n${other.message}`);
});

test('a verdict that no error tells is the description', () => {
  const { error, attachments } = told({
    errors: [broken],
    attachments: [text('budgets', 'FAIL  p95'), text('budgets', 'Budgets met: all\n\npass  p95')],
  });
  expect(error?.message).toBe(message);
  expect(attachments).toHaveLength(1);
  const { data } = JSON.parse(String(attachments[0]?.body)) as { data: { description: string } };
  // Indented, it is code to Markdown.
  expect(data.description).toBe('    Budgets met: all\n    \n    pass  p95');
});

test('what a load came to is the first that Allure is told', () => {
  const facts = text('_load', '{}', 'application/vnd.allure.message+json');
  const { attachments } = told({ attachments: [text('statistics', 'x'), facts] });
  expect(attachments.map(({ name }) => name)).toEqual(['_load', 'statistics']);
});
