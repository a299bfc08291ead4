import { expect, test } from '@playwright/test';
import { commonEnvironment, environmentOf } from '../../../../load/report/allure/environment.ts';
import { makeResult } from '../../budgets/make-result.ts';

const { plan } = makeResult();

test('after a merge each value that differs is told, in the order it was met', () => {
  const machines = [2, 8, 2].map((cores) => ({ ...plan.machine, cores, cpu: 'Ryzen' }));
  const all = machines.map((machine) => environmentOf({ ...plan, machine }));
  expect(commonEnvironment(all)).toMatchObject({ CPU: '2 × Ryzen; 8 × Ryzen', Seed: '1' });
  expect(commonEnvironment([])).toEqual({});
});

test('a real system is told by its name, never by its address', () => {
  const target = { url: 'http://agent.internal/secret', kind: 'real' } as const;
  const environment = environmentOf({ ...plan, target });
  expect(environment.Targets).toBe('real: rag-service');
  expect(JSON.stringify(environment)).not.toContain('internal');
});
