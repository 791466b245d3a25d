import { mix32 } from './seeded-hash.ts';

/** A random source: each call gives a number from 0 up to, not including, 1. */
export type Random = () => number;

/** A random source that gives the same numbers in the same order for the same seed. */
export function seededRandom(seed: number): Random {
  let state = mix32(seed);
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    return mix32(state) / 2 ** 32;
  };
}
