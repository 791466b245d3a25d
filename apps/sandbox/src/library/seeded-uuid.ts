import { hash32, mix32, unmix32 } from './seeded-hash.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What a UUID stands for; part of its hash, so that no two purposes give the same UUID. */
type Purpose = 'workspace' | 'test' | 'session';
const SALT: Record<Purpose, number> = { workspace: 1, test: 2, session: 3 };

/** Whether the text is a lower-case UUID of any version. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/**
 * The version-4 UUID of item `index` (and, for sessions, of its part `part`) under a seed.
 * It holds both numbers, scrambled, so that a library needs no table to find an item by its UUID.
 */
export function seededUuid(purpose: Purpose, seed: number, index: number, part = 0): string {
  const salt = SALT[purpose];
  const hash = hash32(seed, salt, index);
  const head = hex(mix32(index ^ hash32(seed, salt)), 8);
  const middle = hash32(hash, part, 1);
  const variant = 0x8000 | (hash32(hash, part, 2) & 0x3fff);
  const tail = hex(mix32(part ^ hash), 8);
  const filler = hex(hash32(hash, part, 3) & 0xffff, 4);
  return `${head}-${hex(middle >>> 16, 4)}-4${hex(middle & 0xfff, 3)}-${hex(variant, 4)}-${filler}${tail}`;
}

/** The numbers that `seededUuid` put into the UUID, or undefined for a UUID that it did not make under this seed. */
export function readSeededUuid(
  purpose: Purpose,
  seed: number,
  uuid: string,
): { index: number; part: number } | undefined {
  if (!isUuid(uuid)) return undefined;
  const salt = SALT[purpose];
  const index = (unmix32(Number.parseInt(uuid.slice(0, 8), 16)) ^ hash32(seed, salt)) >>> 0;
  const part = (unmix32(Number.parseInt(uuid.slice(28), 16)) ^ hash32(seed, salt, index)) >>> 0;
  return seededUuid(purpose, seed, index, part) === uuid ? { index, part } : undefined;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
