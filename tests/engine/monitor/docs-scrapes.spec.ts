/** The scrapes that docs/monitoring.md shows name rules, modules and labels that are in docs/prometheus. */
import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { docsBlock } from '../../examples/fenced-blocks.ts';

const address = z.string().regex(/^(?:https?:\/\/)?[\w.]+(?::\d+)?(?:\/[\w/]+)?$/);
const relabel = z.strictObject({
  source_labels: z.array(z.string()).optional(),
  target_label: z.string(),
  replacement: z.string().optional(),
});
const job = z.strictObject({
  job_name: z.string(),
  scrape_interval: z.string().regex(/^\d+s$/),
  metrics_path: z.literal('/probe').optional(),
  params: z.strictObject({ module: z.array(z.string()) }).optional(),
  static_configs: z.array(z.strictObject({ targets: z.array(address) })),
  relabel_configs: z.array(relabel).optional(),
});
const scrapes = z.strictObject({ rule_files: z.array(z.string()), scrape_configs: z.array(job) });

function fileOf(name: string): unknown {
  return parse(readFileSync(`docs/prometheus/${name}`, 'utf8'));
}

test('the scrapes in the docs name rules and modules that are there', () => {
  const { rule_files: ruleFiles, scrape_configs: jobs } = scrapes.parse(
    parse(docsBlock('docs/monitoring.md', 'yaml')),
  );
  for (const name of ruleFiles) expect(fileOf(name)).toHaveProperty('groups');
  const { modules } = fileOf('json-exporter.yaml') as { modules: object };
  const named = jobs.flatMap(({ params }) => params?.module ?? []);
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((name) => !Object.hasOwn(modules, name))).toEqual([]);
  // json_exporter takes the address in the place of the target.
  const probed = jobs.filter(({ params }) => params !== undefined);
  const labels = probed.flatMap(({ relabel_configs: all = [] }) =>
    all.map(({ target_label: label }) => label),
  );
  expect(labels).toEqual(expect.arrayContaining(['__param_target', 'instance', '__address__']));
});
