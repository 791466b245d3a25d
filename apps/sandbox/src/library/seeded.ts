/** A random source: each call gives a number from 0 up to, not including, 1. */
export type Random = () => number;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Part of a UUID's hash, so that no two purposes give the same UUID. */
const SALTS = { workspace: 1, test: 2, session: 3 };
type Purpose = keyof typeof SALTS;

/** Scrambles a 32-bit number; every number has exactly one image (the finaliser of MurmurHash3). */
export function mix32(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** The number that `mix32` scrambled into `mixed`. */
export function unmix32(mixed: number): number {
  let value = mixed ^ (mixed >>> 16);
  value = Math.imul(value, 0x7ed1b41d);
  value ^= (value >>> 13) ^ (value >>> 26);
  value = Math.imul(value, 0xa5cb9243);
  return (value ^ (value >>> 16)) >>> 0;
}

/** A 32-bit number that depends on all the parts and on their order. */
export function hash32(...parts: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) hash = mix32(Math.imul(hash, 31) ^ mix32(part + 0x51ed270b));
  return hash;
}

/** A random source that gives the same numbers in the same order for the same seed. */
export function seededRandom(seed: number): Random {
  let state = mix32(seed);
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    return mix32(state) / 2 ** 32;
  };
}

/** Whether the text is a lower-case UUID of any version. */
export function isUuid(text: string | undefined): text is string {
  return text !== undefined && UUID.test(text);
}

/**
 * The version-4 UUID of item `index` (and, for sessions, of its part `part`) under a seed.
 * It holds both numbers, scrambled, so that a library needs no table to find an item by its UUID.
 */
export function seededUuid(purpose: Purpose, seed: number, index: number, part = 0): string {
  const salt = SALTS[purpose];
  const hash = hash32(seed, salt, index);
  const head = hex(mix32(index ^ hash32(seed, salt)), 8);
  const middle = hash32(hash, part, 1);
  const variant = 0x8000 | (hash32(hash, part, 2) & 0x3fff);
  const filler = hex(hash32(hash, part, 3) & 0xffff, 4);
  const tail = hex(mix32(part ^ hash), 8);
  return `${head}-${hex(middle >>> 16, 4)}-4${hex(middle & 0xfff, 3)}-${hex(variant, 4)}-${filler}${tail}`;
}

/** The numbers that `seededUuid` put into the UUID, or undefined for a UUID that it did not make under this seed. */
export function readSeededUuid(purpose: Purpose, seed: number, uuid: string) {
  if (!isUuid(uuid)) return undefined;
  const salt = SALTS[purpose];
  const index = (unmix32(Number.parseInt(uuid.slice(0, 8), 16)) ^ hash32(seed, salt)) >>> 0;
  const part = (unmix32(Number.parseInt(uuid.slice(28), 16)) ^ hash32(seed, salt, index)) >>> 0;
  return seededUuid(purpose, seed, index, part) === uuid ? { index, part } : undefined;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
