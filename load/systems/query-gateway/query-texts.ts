/**
 * Texts for the query gateway. Common ones are drawn uniformly from a fixed list: short, so that a cache
 * knows them all before the steady state, also of a shortened run. A unique one is a question with the
 * user's id and its own draw in it: no run, no slice and no user ever sends it a second time.
 */
export const commonTexts: readonly string[] = [
  'What is a vector index?',
  'How does a load balancer choose a server?',
  'What is the capital of France?',
  'Explain retrieval-augmented generation in two sentences.',
  'When should I use a message queue?',
  'Compare optimistic and pessimistic locking.',
  'How do I read a flame graph?',
  'What does p99 mean?',
  'Give me an example of a circuit breaker.',
  'Why do caches need an expiry?',
  'Summarise what dynamic batching does.',
  'Is it going to rain tomorrow?',
];

const topics = [
  'tail latency',
  'prompt caching',
  'back-pressure',
  'connection pools',
  'embeddings',
];

/** `random`: draws in [0, 1). */
export function uniqueText(userId: string, random: () => number): string {
  const draw = (below: number): number => Math.floor(random() * below);
  const topic = topics[draw(topics.length)]!;
  const number = draw(2 ** 26) * 2 ** 26 + draw(2 ** 26);
  return `Why does request ${number.toString(36)} of ${userId} ask about ${topic}?`;
}
