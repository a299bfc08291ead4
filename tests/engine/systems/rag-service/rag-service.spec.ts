import { expect, test } from '@playwright/test';
import { isVectorTimeout } from '../../../../load/systems/rag-service/rag-service.ts';

for (const [body, isOne] of [
  ['{"error": "vector store timeout"}', true],
  ['{"detail": "deadline exceeded"}', true],
  ['{"detail": "Deadline Exceeded while searching"}', true],
  ['{"error": {"code": 14, "message": "TIMEOUT"}}', true],
  ['{"detail": [{"msg": "search timeout"}]}', true],
  ['{"error": null, "detail": "timeout"}', true],
  ['{"answer": "a", "context": [], "error": "vector store timeout"}', true],
  ['{"error": "out of memory"}', false],
  ['{"error": null, "answer": "The timeout is 3 s."}', false],
  ['{"answer": "the \\"error\\" is a timeout"}', false],
  ['{"answer": "a", "context": [{"error": "timeout"}]}', false],
  ['{"message": "vector store timeout"}', false],
  ['"error: timeout"', false],
  ['["error", "timeout"]', false],
  ['{"error": "vector store time', false],
  ['<html>"error" timeout</html>', false],
  ['null', false],
  ['', false],
] as const) {
  test(`${body === '' ? 'nothing' : body} is ${isOne ? 'one' : 'none'}`, () => {
    expect(isVectorTimeout(Buffer.from(body))).toBe(isOne);
  });
}
