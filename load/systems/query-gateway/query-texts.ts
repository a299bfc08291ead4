/** Texts for a query gateway: a dozen common ones, and unique questions of 10 to 21 words. */
import { oneOf } from '../../platform/lists.ts';
import { sentencesOf } from '../phrases.ts';

/** Few, so that a cache knows them all before the steady state, even in a shortened run. */
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

/** Each has a placeholder for what makes it unique. */
export const uniqueQuestions: readonly string[] = sentencesOf(
  [
    'Why did request # spend so much of its time on {topic}?',
    'Does the trace of request # show that {topic} was the bottleneck?',
    'Which team owns {topic} in the service that answered request #?',
    'Summarise in two sentences what the log of request # says about {topic}.',
    'Compare request # with the one before: was {topic} slower or faster?',
    'Was {topic} already switched on when request # came in?',
    'How would request # have gone without {topic}?',
    'What should we change about {topic} so that request # is not refused again?',
    'Write a short note for the customer of request # that explains {topic} in plain words.',
    'How likely is it that {topic} caused the timeout of request #?',
    'List what has changed about {topic} since request # was answered.',
    'Is the answer to request # right about {topic}, or is it out of date?',
  ],
  {
    topic: [
      'the prompt cache',
      'the connection pool',
      'the rate limit',
      'the vector index',
      'back-pressure in the queue',
      'the retry after a timeout',
      'the batching of inference',
      'the compression of answers',
      'the sorting of passages',
      'the tokeniser of the small model',
      'the fallback to the other region',
      'the check of the user’s key',
      'the warm-up of the model',
      'the limit on output tokens',
      'the encryption on the way',
      'the clean-up of old entries',
      'the second attempt at routing',
      'the filter for unwanted content',
      'the translation of the question',
      'the count of tokens',
    ],
  },
);

/** A question with the user's id and a draw of its own, so that no run, slice or user sends it again. */
export function uniqueText(userId: string, random: () => number): string {
  const draw = (below: number): number => Math.floor(random() * below);
  const question = oneOf(uniqueQuestions, random);
  const number = draw(2 ** 26) * 2 ** 26 + draw(2 ** 26);
  return question.replace('#', `${userId}-${number.toString(36)}`);
}
