/**
 * Each command in the docs has an entry here. tests/package/docs.spec.ts runs those of a user, from the
 * tarball; tests/package/checkout-commands.spec.ts runs those of a checkout. The others are run by a spec that is
 * named here, or by none for a reason that is stated here. tests/engine/docs-blocks.spec.ts refuses any other command.
 */

export interface CommandCase {
  /** As `commandText` has it. */
  readonly command: string;
  /** Default 0; that of a load is that of its verdict. */
  readonly code?: number;
  readonly says: RegExp;
  /** A file that is there afterwards. */
  readonly leaves?: string;
  /** It sends a load, of which every request is answered; one this short is `invalid` on a busy machine. */
  readonly loads?: true;
  /** It goes on until it is ended, which the test does once it has said so. */
  readonly lasts?: true;
  /** Commands that are called while it lasts, each once it has shown two more seconds of its load. */
  readonly beside?: readonly string[];
}

/** In the order in which they are called, in a repository of a user. */
export const userCases: readonly CommandCase[] = [
  { command: 'npx loadwright init', says: /npx playwright test --project=smoke/ },
  { command: 'npx loadwright --help', says: /bisect/ },
  load('npx playwright test --project=smoke'),
  { command: 'npx loadwright from-har session.har --system shop', says: /^load\/shop\.spec\.ts/m },
  {
    command: 'npx loadwright from-openapi openapi.yaml --system shop',
    says: /^load\/shop\.spec\.ts/m,
  },
  load('SHOP_URL=http://localhost:3000 npx playwright test --project=smoke shop'),
  load(
    'SHOP_URL=http://localhost:3000 LOAD_TIME_SCALE=0.1 npx playwright test --project=steady shop',
  ),
  load('LOAD_USERS=10 LOAD_DURATION=30s npx playwright test --project=custom shop'),
  { command: 'npx loadwright report reports/latest', says: /reports\// },
  {
    command: 'npx loadwright baselines reports/latest/results.json',
    says: /shop/,
    leaves: 'baselines/local/figures.json',
  },
  {
    command: 'npx loadwright compare baselines/local/figures.json reports/latest/results.json',
    says: /shop/,
  },
  {
    command: 'npx loadwright compare old/shop_stats.csv new/shop_stats.csv',
    code: 1,
    says: /critical/,
  },
  {
    command:
      'npx loadwright regression-issue figures-compared.json --confirmed-by rerun/figures-compared.json --dry-run',
    says: /shop/,
  },
  {
    command: 'npx loadwright run morning',
    says: /shop custom: run /,
    code: 1,
    beside: [
      `echo '{ "users": 40 }' > reports/latest/control.json`,
      `echo '{ "rate": 80 }' > reports/latest/control.json`,
      `echo '{ "stop": true }' > reports/latest/control.json`,
    ],
  },
  {
    command:
      'npx loadwright monitor --host http://localhost:8080 --interval 5 --duration 600 --output readings.csv',
    says: /api_latency_ms/,
    leaves: 'readings.csv',
  },
  { command: 'npx loadwright ui', says: /http:\/\/127\.0\.0\.1:\d+/, lasts: true },
  {
    command:
      "LOAD_COORDINATOR_SECRET='…' npx loadwright coordinator --host 0.0.0.0 --port 7070 --patience 5m",
    says: /http:\/\/127\.0\.0\.1:\d+/,
    lasts: true,
  },
  { command: 'npx tsc --noEmit', says: /^$/ },
];

/** The same, of loads that take longer. */
export const nightlyCases: readonly CommandCase[] = [
  load('npx loadwright slices 4 --project=steady'),
  load(
    'LOAD_USERS=50 LOAD_SPAWN_RATE=10/s LOAD_DURATION=2m npx playwright test --project=custom shop',
  ),
  load("LOAD_WARM_UP=1m npx playwright test '--project=…'"),
  {
    command:
      "PAIR_COMMAND_A='node base/server.js' PAIR_COMMAND_B='node head/server.js' PAIR_READY=/health npx playwright test --project=pair",
    says: /1 passed/,
  },
];

function load(command: string): CommandCase {
  return { command, says: /Load: /, loads: true };
}

/** These are called together: two slices, each on its own, and the merge of their blobs. */
export const sliceCommands = {
  coordinator:
    "LOAD_COORDINATOR_SECRET='…' npx loadwright coordinator --host 0.0.0.0 --port 7070 --cert cert.pem --key key.pem",
  settings: "LOAD_COORDINATOR=https://load.example.org:7070 NODE_EXTRA_CA_CERTS=ca.pem '…'",
  slice:
    "LOAD_RUN_ID=tuesday LOAD_SLICE=2/4 LOAD_COORDINATOR=http://10.0.0.5:7070 LOAD_COORDINATOR_SECRET='…' PLAYWRIGHT_BLOB_OUTPUT_FILE=blobs/2-of-4.zip npx playwright test --project=stress query-gateway --reporter=blob",
  merge:
    "npx playwright merge-reports '--reporter=node_modules/loadwright/dist/load/slices/merge-reporter.js,list,html' blobs/",
} as const;

/** In a checkout, in this order; loads so short that they judge little. */
export const checkoutCases: readonly CommandCase[] = [
  { command: "npx playwright test --list '--project=*'", says: /Total: \d\d+ tests/ },
  ...[
    'npx playwright test --project=smoke',
    "HEALTH_AGENT_URL=http://localhost:8080 HEALTH_AGENT_API_KEY='…' npx playwright test --project=spike",
    'HEALTH_AGENT_URL=https://agent.example.org LOAD_ALLOW_HOSTS=agent.example.org npx playwright test --project=smoke health-agent',
    'HEALTH_AGENT_URL=URL LOAD_USERS=50 LOAD_SPAWN_RATE=10/s LOAD_DURATION=2m npx playwright test --project=custom health-agent',
    'LOAD_RATE=20/s LOAD_DURATION=2m npx playwright test --project=custom health-agent',
    'LOAD_USERS=1 LOAD_DURATION=30s npx playwright test --project=custom health-agent',
    'LOAD_USERS=1 npx playwright test --project=custom api-gateway',
    'LOAD_TIME_SCALE=0.1 npx playwright test --project=steady health-agent',
    'npx playwright test --project=spike health-agent',
    'npx playwright test --project=baseline rag-service -u --repeat-each=5',
    'npx playwright test --project=baseline rag-service',
    "npx playwright test --project=progressive api-gateway -g '50 users' -u --repeat-each=3",
    'REFERENCE_FAULTS=db-pool:3 npx playwright test --project=progressive api-gateway',
    "RAG_SERVICE_PROMETHEUS='http://gpu-1:9400/metrics http://node-1:9100/metrics#node_load5' npx playwright test --project=progressive rag-service",
    'REFERENCE_SLOWDOWN=chat:4 npx playwright test --project=streaming',
    'BATCH_MAX_WAIT_MS=50 npx playwright test --project=batch',
    "npm run load:systems -- --project=baseline --project=steady --shard=1/2 '--reporter=blob,list,./fixtures/reporter.ts'",
  ].map(load),
  {
    command: 'REFERENCE_SLOWDOWN=50 LOAD_TIME_SCALE=0.1 npx playwright test --project=spike',
    code: 1,
    says: /fail/,
  },
  { command: 'npx playwright show-report reports/html', says: /Serving HTML report/, lasts: true },
  { command: 'npm run allure', says: /reports\/allure/ },
];

interface Elsewhere {
  /** The spec that runs them, and what in it does so. */
  readonly spec: string;
  readonly by: string;
  readonly commands: readonly string[];
}

export const elsewhere: readonly Elsewhere[] = [
  {
    spec: 'tests/faults/runner-flags.spec.ts',
    by: "'--last-failed'",
    commands: ['npx playwright test --last-failed --project=steady'],
  },
  {
    spec: 'tests/faults/shards.spec.ts',
    by: "'merge-reports', '--config=merge.config.ts', 'blobs'",
    commands: ['npx playwright merge-reports --config=merge.config.ts blobs/'],
  },
  {
    spec: 'tests/faults/slices.spec.ts',
    by: '.slices(',
    commands: ['npx loadwright slices 4 --project=stress query-gateway'],
  },
  {
    spec: 'tests/faults/deployed-slices.spec.ts',
    by: "'deploy/run.sh', ...words",
    commands: [
      "LOAD_COORDINATOR_SECRET='…' deploy/run.sh coordinator",
      'JOB_COMPLETION_INDEX=0 deploy/run.sh slice --project=stress query-gateway',
      'JOB_COMPLETION_INDEX=1 deploy/run.sh slice --project=stress query-gateway',
      'LOAD_RUN_ID=run-1 deploy/run.sh merge',
    ],
  },
  {
    spec: 'tests/faults/dashboard.spec.ts',
    by: "LOAD_DASHBOARD: '1'",
    commands: ['LOAD_DASHBOARD=1 npx playwright test --project=spike'],
  },
  {
    spec: 'tests/contracts/workflow-systems.spec.ts',
    by: "runJob('smoke'",
    commands: ['npm run load:systems -- --project=smoke'],
  },
  { spec: 'tests/examples/mcp-server.spec.ts', by: "'mcp'", commands: ['npx loadwright mcp'] },
  { spec: 'tests/faults/load-ai.spec.ts', by: "'load:ai'", commands: ['npm run load:ai'] },
  {
    spec: 'tests/faults/bisect.spec.ts',
    by: "'bisect'",
    commands: [
      "npx loadwright bisect --good v1.4 --bad main --build 'npm ci && npm run build' --start 'node dist/server.js'",
    ],
  },
  {
    spec: 'tests/engine/regression-issue/pair-comment.spec.ts',
    by: 'commentOnPull',
    commands: [
      'npx loadwright pair-comment',
      "npx loadwright pair-comment --name '${{ matrix.size }}'",
    ],
  },
  {
    spec: 'tests/contracts/pair-workflow.spec.ts',
    by: "includes('worktree')",
    commands: ["git -C head worktree add --detach ../base 'HEAD^1'"],
  },
];

interface NotRun {
  readonly reason: string;
  readonly commands: readonly string[];
}

export const notRun: readonly NotRun[] = [
  { reason: 'opens a program of the desktop', commands: ['open reports/latest/index.html'] },
  {
    reason: 'a person has to record something in a browser',
    commands: ['npx playwright open --save-har=session.har'],
  },
  {
    reason: 'a program of others, which the suite does not install',
    commands: ['npx @redocly/cli bundle'],
  },
  {
    reason: 'the gate itself, which this test is part of, and what prepares it',
    commands: [
      'npm ci',
      'npm run check',
      'npm test',
      'npm run test:long',
      'npm run test:soak',
      'npm run build:page',
      'npx playwright test --project=engine tests/engine/budgets/judge.spec.ts',
    ],
  },
  {
    reason: 'writes files of this repository; the gate compares them with what would be written',
    commands: [
      'npm run docs',
      'npx playwright test --project=engine tests/architecture.spec.ts -u',
      'npx playwright test --project=real tests/contracts/expected-requests.spec.ts -u',
      'npx playwright test --project=real tests/package/api-report.spec.ts -u',
      'npx playwright test --project=real tests/faults/matrix.spec.ts -u',
    ],
  },
  {
    reason: 'measures for minutes to hours, on a machine that does nothing else',
    commands: [
      'npm run bench -- 3 contenders streamChunks mcpCalls firstTokens manyStreams',
      'npm run live-viewers',
      'npm run pair-tries -- --count',
      'npm run power',
      'npm run power:pairs',
      'npm run tries',
    ],
  },
  {
    reason:
      'builds an image or needs a cluster; tests/contracts/deploy-manifests.spec.ts reads both',
    commands: [
      "docker build --file deploy/Dockerfile --build-arg 'COMMIT=$(git rev-parse HEAD)' --tag example/loadwright:1 .",
      'docker push example/loadwright:1',
      "kubectl create secret generic loadwright-coordinator '--from-literal=secret=$(openssl rand -hex 24)'",
      "kubectl create secret generic loadwright-keys '--from-literal=QUERY_GATEWAY_KEY=…'",
      'kubectl apply -f deploy/kubernetes/storage.yaml',
      'kubectl apply -k deploy/kubernetes',
      'for end in complete failed',
      "do kubectl wait '--for=condition=$end' --timeout=3h job/loadwright-slices",
      'done',
      'wait -n',
      `kubectl patch job/loadwright-merge --type=merge --patch '{"spec":{"suspend":false}}'`,
      'kubectl wait --for=condition=complete --timeout=10m job/loadwright-merge',
      "echo 'red: see the log'",
      'kubectl logs job/loadwright-merge',
      'kubectl delete -k deploy/kubernetes',
    ],
  },
  {
    reason: 'steps of a job on GitHub that build the two sides of a pair',
    commands: ['for side in base head', "cd '$side'", 'npm run build'],
  },
];
