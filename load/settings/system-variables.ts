/** The settings that every system has, named after it: `web-shop` has `WEB_SHOP_URL`, and so on. */
import { z } from 'zod';
import { readVariables, type Environment } from './variables.ts';

/** By the ending of the variable's name: its purpose. */
const purposes = {
  URL:
    '[address](#the-address-of-a-system) of your own system, such as `http://localhost:8080`, without a user, a ' +
    'password, a query or a fragment',
  URL_A: '`pair`: address of the base, if both sides are running already',
  URL_B: '`pair`: address of the head',
  KEY: 'its API key or token, never written to a log',
  PID:
    'number of its process, if it runs on this machine: the monitor then reads its CPU, memory and open ' +
    'descriptors, and a restart during the load fails the test',
  HEALTH:
    'path of its health endpoint, if it is not the usual one. The checks before and after a load ask it, and so ' +
    'do tasks that ask for health; `none` if there is no such endpoint',
  PROMETHEUS:
    'addresses of further Prometheus pages that the monitor reads, on any host, separated by blanks: ' +
    '`http://gpu-1:9400/metrics` ([more](bottlenecks.md#pages-of-metrics-at-other-addresses)). ' +
    '`<SYSTEM>_KEY` and `<SYSTEM>_HEADERS` are not sent there',
  HEADERS:
    'headers for every HTTP request, as a JSON object such as `{"x-tenant": "a"}`. They override the usual ' +
    'headers; `null` removes one. The values are secrets and never written to a log',
  BODY:
    'changes to every JSON body that is sent over HTTP, as a JSON merge patch such as `{"max_tokens": null, ' +
    '"max_completion_tokens": 150}`: `null` removes a member',
} as const;

const healthText = z
  .string()
  .regex(/^(none$|\/)/, 'a path such as /health, or none')
  .optional();

/** The names of a system's general variables. */
export function systemVariables(system: string) {
  const stem = system.toUpperCase().replaceAll('-', '_');
  return {
    url: `${stem}_URL`,
    key: `${stem}_KEY`,
    pid: `${stem}_PID`,
    health: `${stem}_HEALTH`,
    prometheus: `${stem}_PROMETHEUS`,
    headers: `${stem}_HEADERS`,
    body: `${stem}_BODY`,
  } as const;
}

/** The names of those variables as in the documentation, with their purposes. */
export const generalSettings: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(purposes).map(([end, purpose]) => [`<SYSTEM>_${end}`, purpose]),
);

/** Accepts `<SYSTEM>_HEALTH`. */
export function healthSchema(system: string) {
  return z.object({ [systemVariables(system).health]: healthText });
}

/**
 * The path of the system's health endpoint: the one in `<SYSTEM>_HEALTH`, `usual` if that is not set,
 * undefined if it is `none`. Throws if it is not a path.
 * @example
 * healthPath('web-shop', '/health', { WEB_SHOP_HEALTH: '/up' }); // '/up'
 */
export function healthPath(
  system: string,
  usual: string,
  environment: Environment = process.env,
): string | undefined {
  const { health } = systemVariables(system);
  const declared = readVariables(healthSchema(system), environment)[health];
  return declared === 'none' ? undefined : (declared ?? usual);
}
