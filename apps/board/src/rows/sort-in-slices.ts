import { setImmediate as turn } from 'node:timers/promises';

const slice = 4_096;

/**
 * Sorts without holding up others for longer than a few thousand comparisons take.
 * @param place what an item is sorted by; asked once an item
 */
export async function sortInSlices<Item, Key>(
  items: readonly Item[],
  place: (item: Item) => Key,
  compare: (a: Key, b: Key) => number,
): Promise<Item[]> {
  const byKey = (a: Placed<Item, Key>, b: Placed<Item, Key>): number => compare(a.key, b.key);
  let runs: Placed<Item, Key>[][] = [];
  for (let from = 0; from < items.length; from += slice) {
    runs.push(
      items
        .slice(from, from + slice)
        .map((item) => ({ item, key: place(item) }))
        .sort(byKey),
    );
    await turn();
  }
  while (runs.length > 1) {
    const merged: Placed<Item, Key>[][] = [];
    for (let from = 0; from < runs.length; from += 2)
      merged.push(await merge(runs[from] ?? [], runs[from + 1] ?? [], byKey));
    runs = merged;
  }
  return (runs[0] ?? []).map(({ item }) => item);
}

interface Placed<Item, Key> {
  readonly item: Item;
  readonly key: Key;
}

async function merge<Item>(
  a: readonly Item[],
  b: readonly Item[],
  compare: (a: Item, b: Item) => number,
): Promise<Item[]> {
  const merged: Item[] = [];
  let left = 0;
  let right = 0;
  for (
    let first = a[left], second = b[right];
    first !== undefined || second !== undefined;
    first = a[left], second = b[right]
  ) {
    if (second === undefined || (first !== undefined && compare(first, second) <= 0)) {
      if (first !== undefined) merged.push(first);
      left += 1;
    } else {
      merged.push(second);
      right += 1;
    }
    if (merged.length % slice === 0) await turn();
  }
  return merged;
}
