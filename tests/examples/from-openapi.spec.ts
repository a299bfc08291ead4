/** `from-openapi` with two descriptions, 3.0 and 3.1, and with unreadable files. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run as fromOpenapi } from '../../fixtures/commands/from-openapi.ts';
import { expect, test } from '@playwright/test';
import { drivenTest } from '../contracts/driven-test.ts';
import { compilerComplaints } from './compiler-complaints.ts';
import { DescribedApi, parcels, parcelsKey, pets, petsPassword } from './described-apis.ts';

const kept = join(import.meta.dirname, 'kept');

test(
  'drafts of descriptions compile, and call each operation as it is described',
  { tag: '@long' },
  async ({}, testInfo) => {
    const outs = ['pets', 'parcels'].map((name) => testInfo.outputPath(`${name}.spec.ts`));
    await fromOpenapi([join(kept, 'pets-3.0.yaml'), '--system', 'pets', '--out', outs[0]!]);
    await fromOpenapi([join(kept, 'parcels-3.1.json'), '--system', 'parcels', '--out', outs[1]!]);
    const files = outs.map((path) => ({ path, code: readFileSync(path, 'utf8') }));
    expect(
      compilerComplaints(files.map((file, i) => ({ ...file, path: `tests/load/${i}.spec.ts` }))),
    ).toEqual([]);
    expect(files[0]!.code).not.toContain('hunter22');

    const apis = [await DescribedApi.start(pets()), await DescribedApi.start(parcels())] as const;
    const settings = {
      PETS_URL: apis[0].url,
      PETS_PASSWORD: petsPassword,
      PARCELS_URL: apis[1].url,
      PARCELS_KEY: parcelsKey,
    };
    const environment = { ...settings, LOAD_TIME_SCALE: '0.5' };
    const driven = [];
    for (const [i, system] of ['pets', 'parcels'].entries()) {
      const draft = { system, project: 'smoke', environment, spec: outs[i]! };
      driven.push(await drivenTest(testInfo, draft));
    }
    for (const api of apis) api.stop();
    expect(apis.flatMap(({ refused }) => refused)).toEqual([]);
    expect([...apis[0].routes].sort()).toEqual([
      'DELETE /v1/pets/{id}',
      'GET /v1/pets',
      'GET /v1/pets/{id}',
      'POST /v1/login',
      'POST /v1/pets',
      'POST /v1/visits',
      'PUT /v1/pets/{id}/photo',
    ]);
    expect([...apis[1].routes].sort()).toEqual([
      'GET /api/depots',
      'GET /api/tracking/{id}',
      'POST /api/parcels',
    ]);
    // The folder is that of both, in the order in which they came to be.
    const { loads } = driven[1]!;
    expect(loads).toHaveLength(2);
    for (const { totals } of loads) {
      expect([totals.all.failed, totals.all.invalid]).toEqual([0, 0]);
      expect(totals.all.ok).toBeGreaterThan(10);
    }
  },
);

const refused: readonly [what: string, text: string, message: RegExp][] = [
  [
    'Swagger 2.0',
    '{"swagger":"2.0","info":{"title":"x","version":"1"},"paths":{}}',
    /no readable description/,
  ],
  [
    'no operation',
    '{"openapi":"3.0.0","info":{"title":"x","version":"1"},"paths":{}}',
    /no operation in it/,
  ],
  [
    'a reference to another host',
    '{"openapi":"3.0.0","info":{"title":"x","version":"1"},"paths":{"/a":{"$ref":"http://127.0.0.1:9/a"}}}',
    /refers to http:\/\/127\.0\.0\.1:9\/a, but only a single file is read/,
  ],
];

for (const [what, text, message] of refused) {
  test(`${what} is refused in words`, async ({}, testInfo) => {
    const file = testInfo.outputPath('api.json');
    writeFileSync(file, text);
    const out = testInfo.outputPath('out.spec.ts');
    await expect(fromOpenapi([file, '--out', out])).rejects.toThrow(message);
  });
}

test('a draft is never written over a file that is there', async ({}, testInfo) => {
  const out = testInfo.outputPath('mine.spec.ts');
  writeFileSync(out, 'mine');
  const words = [join(kept, 'parcels-3.1.json'), '--system', 'parcels', '--out', out];
  await expect(fromOpenapi(words)).rejects.toThrow('is there already; name another file by --out');
  expect(readFileSync(out, 'utf8')).toBe('mine');
});
