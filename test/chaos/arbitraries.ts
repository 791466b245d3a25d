import * as fc from 'fast-check';

export const int = (min: number, max: number) => fc.integer({ min, max });

export const pick = fc.constantFrom;

/** One value in so many of a hundred cases, else another. */
export function either<A, B>(percent: number, one: fc.Arbitrary<A>, other: fc.Arbitrary<B>): fc.Arbitrary<A | B> {
  return fc.oneof({ weight: percent, arbitrary: one }, { weight: 100 - percent, arbitrary: other });
}

/** True in so many of a hundred cases. */
export const chance = (percent: number) => either(percent, pick(true), pick(false));

/** A value in so many of a hundred cases, else null. */
export const maybe = <Value>(percent: number, value: fc.Arbitrary<Value>) => either(percent, value, pick(null));

export const upTo = <Value>(most: number, value: fc.Arbitrary<Value>) =>
  fc.array(value, { minLength: 1, maxLength: most });
