import { describe, expect, it } from 'vitest';
import { isUuid, mix32, readSeededUuid, seededUuid, unmix32 } from './seeded.ts';

const V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('seededUuid', () => {
  it('makes version-4 UUIDs that differ by purpose, seed, index and part', () => {
    const uuids = [
      seededUuid('test', 1, 0),
      seededUuid('session', 1, 0),
      seededUuid('test', 2, 0),
      seededUuid('test', 1, 1),
      seededUuid('session', 1, 0, 1),
    ];
    expect(new Set(uuids).size).toBe(5);
    for (const uuid of uuids) expect(uuid).toMatch(V4);
  });

  it('holds its index and part, which can be read with the same seed and purpose only', () => {
    for (const index of [0, 1, 77, 999_999, 2 ** 31]) {
      const uuid = seededUuid('session', 5, index, index % 26);
      expect(readSeededUuid('session', 5, uuid)).toEqual({ index, part: index % 26 });
      expect(readSeededUuid('session', 6, uuid)).toBeUndefined();
      expect(readSeededUuid('test', 5, uuid)).toBeUndefined();
    }
  });

  it('gives 10,000 different UUIDs for 10,000 indices', () => {
    expect(new Set(Array.from({ length: 10_000 }, (_, index) => seededUuid('test', 1, index))).size).toBe(10_000);
  });
});

describe('mix32', () => {
  it('can be undone for every number', () => {
    for (const value of [0, 1, 2, 0x7fffffff, 0x80000000, 0xffffffff, 123_456_789]) {
      expect(unmix32(mix32(value))).toBe(value);
    }
  });
});

describe('isUuid', () => {
  it('takes lower-case UUIDs of any version and nothing else', () => {
    expect(isUuid('32348d72-7473-4ce1-b17d-4a4c2202bd61')).toBe(true);
    for (const text of ['', 'x', '32348D72-7473-4CE1-B17D-4A4C2202BD61', '32348d72-7473-4ce1-b17d-4a4c2202bd6']) {
      expect(isUuid(text)).toBe(false);
    }
  });
});
