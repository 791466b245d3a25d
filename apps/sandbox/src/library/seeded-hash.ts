/**
 * Scrambles a 32-bit number; every number has exactly one image (the finaliser of MurmurHash3).
 */
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

/** A 32-bit number that depends on all the parts and on their order; the same parts give the same number. */
export function hash32(...parts: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) hash = mix32(Math.imul(hash, 31) ^ mix32(part + 0x51ed270b));
  return hash;
}
