/** The list of rules. A new rule is a new file and a line here. */
import { connectionPool } from './connection-pool.ts';
import type { Rule } from './finding.ts';
import { kvCache } from './kv-cache.ts';
import { descriptorLeak, memoryLeak } from './leak.ts';
import { llmCapacity } from './llm-capacity.ts';
import { llmContext } from './llm-context.ts';
import { rateLimited } from './rate-limited.ts';
import { serialised } from './serialised.ts';
import { targetCpu } from './target-cpu.ts';
import { vectorSearch } from './vector-search.ts';
import { vectorTimeout } from './vector-timeout.ts';

export const rules: readonly Rule[] = [
  kvCache,
  vectorTimeout,
  llmCapacity,
  llmContext,
  connectionPool,
  vectorSearch,
  serialised,
  targetCpu,
  memoryLeak,
  descriptorLeak,
  rateLimited,
];
