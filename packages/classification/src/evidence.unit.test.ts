import { expect, test } from 'vitest';
import { isStale } from './evidence.ts';

test('evidence is stale when its sessions were asked for more than 24 hours ago', () => {
  const evidence = { sessions: { outcome: 'present', sessionId: null, at: 1_000 } } as const;
  expect(isStale(evidence, 1_000 + 86_400_000)).toBe(false);
  expect(isStale(evidence, 1_000 + 86_400_001)).toBe(true);
  expect(isStale({}, 86_400_001)).toBe(false);
});
