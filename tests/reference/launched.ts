/** A test that may launch reference services, which are stopped after it. */
import { test as base } from '@playwright/test';
import { launchReference, type ReferenceService } from '../../fixtures/reference/launch.ts';

export type Launch = (env?: Record<string, string>) => Promise<ReferenceService>;

export function testOf(service: string) {
  return base.extend<{ launch: Launch }>({
    launch: async ({}, use) => {
      const services: ReferenceService[] = [];
      await use(async (env = {}) => {
        const launched = await launchReference(service, { env });
        services.push(launched);
        return launched;
      });
      await Promise.all(services.map((launched) => launched.stop()));
    },
  });
}
