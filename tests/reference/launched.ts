/** A test that may open reference services, whose services are ended with it. */
import { test as base } from '@playwright/test';
import { createServer } from 'node:http';
import { apiGateway } from '../../fixtures/reference/api-gateway-handler.ts';
import { healthAgent } from '../../fixtures/reference/health-agent-handler.ts';
import { ragService } from '../../fixtures/reference/rag-service-handler.ts';
import { resourceAgent } from '../../fixtures/reference/resource-agent-handler.ts';
import { withStrain } from '../../fixtures/reference/serve.ts';
import { closed, listen } from './second/strict-service.ts';

export interface Opened {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

export type Open = (env?: Readonly<Record<string, string>>) => Promise<Opened>;

const handlers = {
  'api-gateway': apiGateway,
  'health-agent': healthAgent,
  'rag-service': ragService,
  'resource-agent': resourceAgent,
};

/** In this process: what it answers is what its own process would, which takes a while to start. */
export function testOf(name: keyof typeof handlers) {
  return base.extend<{ launch: Open }>({
    launch: async ({}, use) => {
      const services: Opened[] = [];
      await use(async (env = {}) => {
        const server = createServer(inEnvironment(env, () => withStrain(handlers[name])));
        const service = { url: await listen(server), stop: () => closed(server) };
        services.push(service);
        return service;
      });
      await Promise.all(services.map((service) => service.stop()));
    },
  });
}

/** A service reads its settings as it is made. */
function inEnvironment<T>(env: Readonly<Record<string, string>>, make: () => T): T {
  const before = process.env;
  process.env = { ...before, ...env };
  try {
    return make();
  } finally {
    process.env = before;
  }
}
