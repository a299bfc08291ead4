/** Who may import whom. tests/architecture.spec.ts enforces it; docs/architecture.md shows the first table. */

/** Every folder of load/ → the folders that it may import, besides `platform` and itself. */
export const load: Readonly<Record<string, readonly string[]>> = {
  platform: [],
  metrics: [],
  workload: ['metrics'],
  settings: ['workload'],
  clients: ['metrics', 'settings'],
  executors: ['workload', 'metrics'],
  monitor: ['clients', 'metrics'],
  user: ['clients', 'executors', 'metrics', 'monitor', 'workload'],
  analysis: ['metrics'],
  budgets: ['analysis', 'metrics'],
  baselines: ['analysis', 'budgets', 'metrics', 'settings'],
  report: ['analysis', 'baselines', 'budgets', 'metrics', 'paired', 'settings'],
  comparing: ['baselines', 'metrics', 'report', 'settings'],
  'regression-issue': ['baselines', 'report'],
  slices: ['baselines', 'budgets', 'metrics', 'report', 'settings', 'workload'],
  systems: ['budgets', 'clients', 'metrics', 'monitor', 'report', 'settings', 'user', 'workload'],
  paired: ['analysis', 'budgets', 'metrics'],
  drafts: ['clients', 'metrics', 'settings'],
  run: ['budgets', 'clients', 'executors', 'metrics', 'monitor', 'paired', 'user', 'workload'],
};

/** The parts outside load/ → the parts that they may import; `load/*` is every folder of load/. */
export const around: Readonly<Record<string, readonly string[]>> = {
  // The services stand in for a user's own systems: the engine and they know nothing of each other.
  'fixtures/reference': [],
  'fixtures/matchers': ['load/*'],
  'fixtures/agent': ['load/*'],
  'fixtures/commands': ['load/*', 'fixtures', 'fixtures/agent', 'fixtures/init'],
  'fixtures/init': ['load/*'],
  fixtures: ['load/*', 'fixtures/matchers', 'fixtures/reference'],
  // What a team writes, too: the names of 'loadwright', and the users beside it.
  'tests/systems': ['load/systems', 'fixtures'],
  bench: ['load/*', 'tests/engine', 'tests/instrument', 'bench/contenders', 'bench/twins'],
  'bench/contenders': ['load/*', 'bench'],
  'bench/twins': ['load/*', 'tests/engine'],
};
