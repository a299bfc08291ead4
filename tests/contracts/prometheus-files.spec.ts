/**
 * The dashboard and the alerts in docs/prometheus: complete files, valid expressions, and only metrics
 * and labels that the systems have.
 */
import { parser } from '@prometheus-io/lezer-promql';
import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { launchReference, type ReferenceService } from '../../fixtures/reference/launch.ts';
import type { Exposition } from '../../load/monitor/prometheus-text.ts';
import { parseExposition } from '../engine/monitor/parse-exposition.ts';
import { fieldOf } from '../../load/platform/json-file.ts';
import { repository } from '../child-processes.ts';

const folder = join(repository, 'docs/prometheus');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

const dashboard = z
  .object({
    templating: z.object({ list: z.array(z.object({ name: z.string() })) }),
    panels: z.array(
      z.looseObject({
        id: z.number(),
        type: z.enum(['row', 'timeseries']),
        title: z.string().min(1),
        gridPos: z.object({ h: z.number(), w: z.number(), x: z.number(), y: z.number() }),
        targets: z.array(z.object({ refId: z.string(), expr: z.string() })).default([]),
      }),
    ),
  })
  .parse(JSON.parse(read('grafana-dashboard.json')));

const texts = z.object({ summary: z.string().min(1), description: z.string().min(1) });
const severity = z.object({ severity: z.enum(['critical', 'warning']) });
const duration = z.string().regex(/^\d+[smh]$/);

const rules = z
  .object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.strictObject({
            alert: z.string(),
            expr: z.string(),
            for: duration,
            labels: severity,
            annotations: texts,
          }),
        ),
      }),
    ),
  })
  .parse(parse(read('rules.yaml')))
  .groups.flatMap((group) => group.rules);

const query = z.object({
  refId: z.literal('A'),
  datasourceUid: z.literal('prometheus'),
  model: z.looseObject({ expr: z.string(), instant: z.literal(true) }),
});
const threshold = z.object({
  refId: z.literal('B'),
  datasourceUid: z.literal('__expr__'),
  model: z.looseObject({
    type: z.literal('threshold'),
    expression: z.literal('A'),
    conditions: z.tuple([
      z.object({
        evaluator: z.object({ type: z.enum(['gt', 'lt']), params: z.tuple([z.number()]) }),
      }),
    ]),
  }),
});
const grafanaRules = z
  .object({
    apiVersion: z.literal(1),
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({
            uid: z.string().max(40),
            title: z.string(),
            condition: z.literal('B'),
            for: duration,
            labels: severity,
            annotations: texts,
            data: z.tuple([query.loose(), threshold.loose()]),
          }),
        ),
      }),
    ),
  })
  .parse(JSON.parse(read('grafana-alerts.json')))
  .groups.flatMap((group) => group.rules);

const exporter = z
  .object({
    modules: z.record(
      z.string(),
      z.object({
        metrics: z.array(
          z.strictObject({
            name: z.string().regex(/^[a-z_]+$/),
            path: z.string(),
            help: z.string(),
            valuetype: z.enum(['gauge', 'counter']),
          }),
        ),
      }),
    ),
  })
  .parse(parse(read('json-exporter.yaml'))).modules;

/** Module of the exporter → its service and endpoint, as in its comment. */
const endpoints: Readonly<Record<string, readonly [service: string, path: string]>> = {
  health_agent: ['health-agent', '/api/v1/metrics'],
  rag_service: ['rag-service', '/api/v1/metrics'],
  resource_agent: ['resource-agent', '/api/v1/metrics'],
  resource_agent_machine: ['resource-agent', '/system/metrics'],
};

const shown = dashboard.panels.flatMap(({ title, targets }) =>
  targets.map(({ expr }) => ({ where: title, expr })),
);
const expressions = [...shown, ...rules.map(({ alert, expr }) => ({ where: alert, expr }))];

interface Selector {
  readonly metric: string;
  readonly matchers: readonly {
    readonly label: string;
    readonly op: string;
    readonly value: string;
  }[];
}

/** Replacements that Grafana makes before Prometheus sees the expression. */
function withoutVariables(expr: string): string {
  return expr.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*');
}

/** The series that an expression selects. Throws if Prometheus could not parse it. */
function selectorsOf(expr: string): Selector[] {
  const text = withoutVariables(expr);
  const selectors: Selector[] = [];
  parser.parse(text).iterate({
    enter: ({ name, type, from, to, node }) => {
      if (type.isError) throw new Error(`${expr}: wrong at "${text.slice(from, to + 10)}"`);
      if (name !== 'VectorSelector') return;
      const part = (one: { from: number; to: number } | null): string =>
        one === null ? '' : text.slice(one.from, one.to);
      const matchers = (
        node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []
      ).map((matcher) => ({
        label: part(matcher.getChild('LabelName')),
        op: part(matcher.getChild('MatchOp')),
        value: JSON.parse(part(matcher.getChild('StringLiteral'))) as string,
      }));
      selectors.push({ metric: part(node.getChild('Identifier')), matchers });
    },
  });
  return selectors;
}

test('an expression that Prometheus could not read is found', () => {
  expect(() => selectorsOf('sum(rate(a[5m])')).toThrow('sum(rate(a[5m])');
  expect(selectorsOf('rate(a{b="c",d=~"e|f"}[5m])')).toEqual([
    {
      metric: 'a',
      matchers: [
        { label: 'b', op: '=', value: 'c' },
        { label: 'd', op: '=~', value: 'e|f' },
      ],
    },
  ]);
});

test('the exporter finds each figure where the systems tell it', async () => {
  expect(Object.keys(exporter)).toEqual(Object.keys(endpoints));
  const services = await launchAll(['health-agent', 'rag-service', 'resource-agent']);
  try {
    for (const [module, { metrics }] of Object.entries(exporter)) {
      const [name, path] = endpoints[module]!;
      expect(read('json-exporter.yaml')).toContain(`  # ${path}\n  ${module}:\n`);
      // The first reading of a CPU needs two values.
      await expect
        .poll(async () => {
          const body: unknown = await (await fetch(`${services.get(name)!.url}${path}`)).json();
          return metrics.filter((metric) => typeof valueAt(body, metric.path) !== 'number');
        })
        .toEqual([]);
    }
  } finally {
    await Promise.all([...services.values()].map((service) => service.stop()));
  }
});

test('every metric and label in the expressions is one that the systems have', async () => {
  const gateway = await launchReference('query-gateway');
  try {
    for (const text of ['a', 'a', '']) {
      const body = JSON.stringify({ text });
      const headers = { 'content-type': 'application/json' };
      await fetch(`${gateway.url}/v1/query-classify`, { method: 'POST', headers, body });
    }
    const response = await fetch(`${gateway.url}/metrics`);
    const type = response.headers.get('content-type') ?? undefined;
    const known = parseExposition(await response.text(), type);
    if ('unknown' in known) throw new Error(known.unknown);
    const exported = Object.values(exporter).flatMap(({ metrics }) => metrics);
    const names = new Set(exported.map(({ name }) => name));
    const strange = expressions.flatMap(({ where, expr }) =>
      selectorsOf(expr)
        .filter((one) => !names.has(one.metric) && !isIn(known, one))
        .map(({ metric }) => `${where}: ${metric}`),
    );
    expect(strange).toEqual([]);
    expect(isIn(known, { metric: 'query_gateway_requests', matchers: [] })).toBe(false);
    const wrong = { label: 'cache_hit', op: '=', value: 'yes' };
    expect(isIn(known, { metric: 'query_gateway_requests_total', matchers: [wrong] })).toBe(false);
    // A metric that is reported and used nowhere would not be missed.
    const used = new Set(
      expressions.flatMap(({ expr }) => selectorsOf(expr)).map((one) => one.metric),
    );
    expect([...names].filter((name) => !used.has(name))).toEqual([]);
  } finally {
    await gateway.stop();
  }
});

test('Grafana and Prometheus have the same alerts', () => {
  const operators = { gt: '>', lt: '<' };
  const told = grafanaRules.map(({ title, data: [{ model }, { model: limit }], ...rest }) => {
    const [{ evaluator }] = limit.conditions;
    return {
      alert: title,
      expr: `${model.expr} ${operators[evaluator.type]} ${evaluator.params[0]}`,
      for: rest.for,
      labels: rest.labels,
      annotations: rest.annotations,
    };
  });
  expect(told).toEqual(rules);
  expect(new Set(grafanaRules.map(({ uid }) => uid)).size).toBe(rules.length);
  // Grafana would treat a $ in such a file as an environment variable.
  expect(read('grafana-alerts.json')).not.toContain('$');
});

test('no two panels overlap, and each shows something', () => {
  const { panels, templating } = dashboard;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  const empty = panels.filter(({ type, targets }) => (type === 'row') !== (targets.length === 0));
  expect(empty).toEqual([]);
  const variables = templating.list.map(({ name }) => name);
  const used = read('grafana-dashboard.json').match(/\$\{?(?!__)\w+/g) ?? [];
  expect([...new Set(used.map((one) => one.replace(/\W+/, '')))].sort()).toEqual(variables.sort());
});

async function launchAll(names: readonly string[]): Promise<Map<string, ReferenceService>> {
  const services = await Promise.all(names.map((name) => launchReference(name)));
  return new Map(services.map((service) => [service.name, service]));
}

/** A path as `{ .database.pool_available }`. */
function valueAt(body: unknown, path: string): unknown {
  const [, dotted = ''] = /^\{ \.([\w.]+) \}$/.exec(path) ?? [];
  return dotted.split('.').reduce(fieldOf, body);
}

/** Whether a series has the name and the selected labels, except for those that a job adds. */
function isIn({ series }: Exposition, { metric, matchers }: Selector): boolean {
  const own = matchers.filter(({ label }) => !['job', 'instance'].includes(label));
  return [...series.values()].some(
    ({ name, labels }) =>
      name === metric &&
      own.every(({ label, op, value }) =>
        op === '='
          ? labels.get(label) === value
          : RegExp(`^(?:${value})$`).test(labels.get(label) ?? ''),
      ),
  );
}
