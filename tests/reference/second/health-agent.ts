/** The health agent as in scenarios.md: a portion is a text such as "170g", and is answered with 201. */
import { z } from 'zod';
import { exactly, strictService, type SecondService } from './strict-service.ts';

const userId = z.string().min(1);
const chatRequest = z.strictObject({ user_id: userId, message: z.string().min(1) });
const foodRequest = z.strictObject({
  user_id: userId,
  food_name: z.string().min(1),
  quantity: z.string().regex(/^\d+(\.\d+)? ?[a-z]+$/, 'is no text such as "170g"'),
});
const ofUser = z.strictObject({ user_id: userId });

export function secondHealthAgent(): Promise<SecondService> {
  const eaten = new Map<string, number>();
  return strictService({
    'GET /health': () => [200, { status: 'ok' }],
    'POST /api/v1/chat': ({ body }) => {
      const { user_id, message } = exactly(chatRequest, body);
      const response = `You said: ${message}`;
      return [200, { response, timestamp: new Date().toISOString(), user_id }];
    },
    'POST /api/v1/food': ({ body }) => {
      const { user_id, food_name, quantity } = exactly(foodRequest, body);
      eaten.set(user_id, (eaten.get(user_id) ?? 0) + 1);
      return [201, { user_id, food_name, quantity }];
    },
    'GET /api/v1/reminders': ({ query }) => {
      const { user_id } = exactly(ofUser, Object.fromEntries(query));
      return [200, { user_id, reminders: [] }];
    },
    'GET /api/v1/gamification/xp': ({ query }) => {
      const { user_id } = exactly(ofUser, Object.fromEntries(query));
      return [200, { user_id, xp: 10 * (eaten.get(user_id) ?? 0) }];
    },
  });
}
