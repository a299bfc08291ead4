/** The smoke test of the health agent against its reference service, as by `--project=smoke`. */
import { launchReference } from '../../fixtures/reference/launch.ts';
import { healthAgentUser } from '../../load/systems/health-agent.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import { smoke } from '../../load/workload/users.ts';
import { scaled } from '../../load/workload/workload.ts';
import { runForReal, type RealOutcome } from './real-load.ts';

export async function smokeOfHealthAgent(timeScale = 1): Promise<RealOutcome> {
  const service = await launchReference('health-agent');
  try {
    return await runForReal({
      url: service.url,
      key: 'test_key_123',
      shortened: true,
      user: healthAgentUser as unknown as UserDefinition,
      workload: scaled(smoke(healthAgentUser), timeScale),
      budgets: { p95: '< 3 s', errorRate: '< 1 %' },
    });
  } finally {
    await service.stop();
  }
}
