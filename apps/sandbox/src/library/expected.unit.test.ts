import { expect, it } from 'vitest';
import { expectedByMetadata, expectedByProbes } from './expected.ts';
import { TEST_KINDS } from './kinds.ts';
import { createLibrary } from './library.ts';
import type { TestData } from './sandbox-test.ts';

function verdicts(data: TestData) {
  const [test] = createLibrary({ workspaces: [{ name: 'W' }], tests: [data] }).tests();
  return test && { probes: expectedByProbes(test), metadata: expectedByMetadata(test) };
}

const UTZ = 'UTZ';
const interaction = { platform: UTZ, testType: 'interaction test' };

it('expects from probes what the tutorial says for each kind', () => {
  expect(TEST_KINDS.map((kind) => verdicts({ kind })?.probes)).toEqual([
    { platform: 'ClassicUT', testType: null },
    { platform: UTZ, testType: null },
    interaction,
    interaction,
    interaction,
    { platform: UTZ, testType: 'think-out-loud test' },
    { platform: UTZ, testType: 'survey' },
    interaction,
  ]);
});

it('expects from metadata the product type, and no type for a live conversation', () => {
  expect(verdicts({ kind: 'no-sessions' })?.metadata).toEqual({ platform: UTZ, testType: 'survey' });
  expect(verdicts({ kind: 'live conversation' })?.metadata).toEqual({ platform: UTZ, testType: null });
  expect(verdicts({ kind: 'survey', type: 'studyv2', productType: 'Think_Out_Loud' })?.metadata?.testType).toBe(
    'think-out-loud test',
  );
});

it('expects metadata to decide nothing where a value is unknown or missing', () => {
  expect(verdicts({ kind: 'survey', type: null })?.metadata).toBeNull();
  expect(verdicts({ kind: 'survey', productType: 'NEW_THING' })?.metadata).toBeNull();
  expect(verdicts({ kind: 'classic', type: 'SOMETHING' })?.metadata).toBeNull();
});
