/** A source of choices that makes the same choices for the same seed and purpose. */
export interface Dice {
  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  /** Up to `count` different items. */
  some<Item>(items: readonly Item[], count: number): Item[];
}

/** @param purpose keeps the choices about one thing apart from those about another, so that either can change alone */
export function dice(seed: number, purpose: string): Dice {
  let state = [...purpose].reduce((hash, letter) => scramble(hash ^ (letter.codePointAt(0) ?? 0)), scramble(seed));
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    return (scramble(state) >>> 0) / 2 ** 32;
  };
  const int = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    int,
    chance: (probability) => next() < probability,
    pick: (items) => items[int(0, items.length - 1)] ?? items[0],
    some(items, count) {
      const left = [...items];
      const taken = Math.min(count, left.length);
      return Array.from({ length: taken }, () => left.splice(int(0, left.length - 1), 1)).flat();
    },
  };
}

function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 15), value | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return mixed ^ (mixed >>> 14);
}
