/**
 * The Kubernetes manifests: valid by Kubernetes' own schema, without privileges, and consistent with the
 * suite and the image.
 */
import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { PersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import { Pod } from 'kubernetes-models/v1/Pod';
import { Service } from 'kubernetes-models/v1/Service';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { readSettings } from '../../load/settings/settings.ts';
import { repository } from '../child-processes.ts';

const folder = join(repository, 'deploy/kubernetes');
const kinds = { ConfigMap, Job, NetworkPolicy, PersistentVolumeClaim, Pod, Service };

const { resources, images } = z
  .object({
    resources: z.array(z.string()),
    images: z.array(z.object({ name: z.string(), newName: z.string(), newTag: z.string() })),
  })
  .parse(parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')));

const header = z.looseObject({
  kind: z.enum(Object.keys(kinds) as (keyof typeof kinds)[]),
  metadata: z.looseObject({ name: z.string() }),
});
// The storage outlives the run and is applied separately.
const objects = [...resources, 'storage.yaml'].flatMap((file) =>
  parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((one) =>
    header.parse(one.toJS()),
  ),
);

const container = z.object({
  name: z.string(),
  image: z.string(),
  args: z.array(z.string()),
  env: z.array(z.object({ name: z.string(), value: z.string().optional() })).default([]),
  resources: z.object({ requests: z.object({ cpu: z.string(), memory: z.string() }) }),
  securityContext: z.unknown(),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
});
const podSpec = z.looseObject({
  automountServiceAccountToken: z.boolean(),
  securityContext: z.looseObject({ runAsNonRoot: z.boolean() }),
  containers: z.array(container),
});
const pods = objects.flatMap((object) => {
  if (object.kind === 'Pod') return [podSpec.parse(object['spec'])];
  if (object.kind !== 'Job') return [];
  const template = z.object({ template: z.object({ spec: podSpec }) }).parse(object['spec']);
  return [template.template.spec];
});

function named(kind: string, name: string): z.infer<typeof header> {
  return objects.find((one) => one.kind === kind && one.metadata.name === name)!;
}

test('every object is valid by the schema of its kind', () => {
  expect(objects.map(({ kind }) => kind).sort()).toEqual([
    'ConfigMap',
    'Job',
    'Job',
    'NetworkPolicy',
    'NetworkPolicy',
    'NetworkPolicy',
    'PersistentVolumeClaim',
    'Pod',
    'Service',
  ]);
  for (const object of objects) {
    const model = new kinds[object.kind](object);
    expect(() => {
      model.validate();
    }, `${object.kind} ${object.metadata.name}`).not.toThrow();
  }
});

test('the schema refuses what is wrong', () => {
  const job = named('Job', 'loadwright-slices');
  const spec = { ...(job['spec'] as object), completions: 'four' };
  expect(() => {
    new Job({ ...job, spec } as never).validate();
  }).toThrow('completions');
});

test('no pod is root, gains rights, has a token or writes to its image', () => {
  expect(pods).toHaveLength(3);
  for (const { automountServiceAccountToken, securityContext, containers } of pods) {
    expect(automountServiceAccountToken).toBe(false);
    expect(securityContext.runAsNonRoot).toBe(true);
    for (const { securityContext: own, volumeMounts } of containers) {
      expect(own).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(volumeMounts.map(({ mountPath }) => mountPath)).toContain('/tmp');
    }
  }
  // The folder is read-only, so a missing baseline must be reported and not written.
  const slices = pods
    .flatMap(({ containers }) => containers)
    .filter(({ args }) => args[0] === 'slice');
  expect(slices.map(({ args }) => args.at(-1))).toEqual(['--update-snapshots=none']);
});

test('there are as many slices as the settings say, and none is run twice', () => {
  const { data } = z
    .object({ data: z.record(z.string(), z.string()) })
    .parse(named('ConfigMap', 'loadwright-run'));
  const job = z
    .looseObject({
      completionMode: z.string(),
      completions: z.number(),
      parallelism: z.number(),
      backoffLimit: z.number(),
    })
    .parse(named('Job', 'loadwright-slices')['spec']);
  const count = Number(data['SLICES']);
  expect(job).toMatchObject({ completionMode: 'Indexed', backoffLimit: 0 });
  expect([job.completions, job.parallelism]).toEqual([count, count]);
  const [slice] = pods
    .flatMap(({ containers }) => containers)
    .filter((one) => one.name === 'slice');
  const given = Object.fromEntries(slice!.env.map(({ name, value = '' }) => [name, value]));
  const settings = {
    ...data,
    ...given,
    LOAD_SLICE: `1/${count}`,
    LOAD_COORDINATOR: 'http://loadwright-coordinator:7070',
    LOAD_COORDINATOR_SECRET: '0123456789abcdef',
  };
  expect(readSettings(settings)).toMatchObject({ LOAD_RUN_ID: data['LOAD_RUN_ID'] });
});

test('all run the one image, in a role that its entry point has', () => {
  const roles = pods.flatMap(({ containers }) => containers.map(({ args }) => args[0]!));
  expect(roles.sort()).toEqual(['coordinator', 'merge', 'slice']);
  const script = readFileSync(join(repository, 'deploy/run.sh'), 'utf8');
  for (const role of roles) expect(script).toContain(`\n  ${role})\n`);
  const [{ name }] = images as [(typeof images)[number]];
  for (const one of pods.flatMap(({ containers }) => containers)) expect(one.image).toBe(name);
  const recipe = readFileSync(join(repository, 'deploy/Dockerfile'), 'utf8');
  expect(recipe).toMatch(/^USER 1000$/m);
  expect(recipe).toContain('ENTRYPOINT ["/loadwright/deploy/run.sh"]');
});

const policy = z.object({
  podSelector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
  policyTypes: z.array(z.string()),
  ingress: z.array(z.unknown()).optional(),
  egress: z
    .array(z.looseObject({ ports: z.array(z.object({ port: z.number(), protocol: z.string() })) }))
    .optional(),
});

test('every pod is closed in both ways, slices reach their coordinator and the system of the run', () => {
  const policies = objects.flatMap((one) =>
    one.kind === 'NetworkPolicy' ? [policy.parse(one['spec'])] : [],
  );
  const [closed, ...others] = policies;
  expect(closed).toEqual({
    podSelector: { matchLabels: { 'app.kubernetes.io/name': 'loadwright' } },
    policyTypes: ['Ingress', 'Egress'],
  });
  for (const object of objects.filter(({ kind }) => kind === 'Job' || kind === 'Pod')) {
    expect(JSON.stringify(object)).toContain('"app.kubernetes.io/name":"loadwright"');
  }
  const opened = others.map(({ podSelector, policyTypes }) => [
    podSelector.matchLabels['app.kubernetes.io/component'],
    ...policyTypes,
  ]);
  expect(opened).toEqual([
    ['coordinator', 'Ingress'],
    ['slice', 'Egress'],
  ]);
  const { data } = z
    .object({ data: z.object({ QUERY_GATEWAY_URL: z.url() }) })
    .parse(named('ConfigMap', 'loadwright-run'));
  const ports = others[1]!.egress!.map((rule) => rule.ports.map(({ port }) => port));
  expect(ports).toEqual([[7070], [53, 53], [Number(new URL(data.QUERY_GATEWAY_URL).port)]]);
});

test('the image has a base that no tag can move, on a Node that is supported', () => {
  const recipe = readFileSync(join(repository, 'deploy/Dockerfile'), 'utf8');
  const [builder = '', ...image] = recipe.match(/^FROM .*$/gm) ?? [];
  expect(builder).toMatch(/^FROM node:24-bookworm-slim@sha256:[0-9a-f]{64} AS build$/);
  // It runs on the same base image with which it was built.
  expect(image).toEqual([builder.replace(' AS build', '')]);
});
