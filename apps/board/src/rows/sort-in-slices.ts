import { setImmediate as turn } from 'node:timers/promises';

const slice = 4_096;

/**
 * Sorts, and gives other work a turn after every few thousand comparisons.
 * @param place what an item is sorted by; asked once per item
 */
export async function sortInSlices<Item, Key>(
  items: readonly Item[],
  place: (item: Item) => Key,
  compare: (a: Key, b: Key) => number,
): Promise<Item[]> {
  const byKey = (a: { readonly key: Key }, b: { readonly key: Key }): number => compare(a.key, b.key);
  let runs: { readonly item: Item; readonly key: Key }[][] = [];
  for (let from = 0; from < items.length; from += slice) {
    const part = items.slice(from, from + slice).map((item) => ({ item, key: place(item) }));
    runs.push(part.sort(byKey));
    await turn();
  }
  while (runs.length > 1) {
    const merged: typeof runs = [];
    for (let from = 0; from < runs.length; from += 2) {
      merged.push(await merge(runs[from] ?? [], runs[from + 1] ?? [], byKey));
    }
    runs = merged;
  }
  return (runs[0] ?? []).map(({ item }) => item);
}

async function merge<Item>(
  a: readonly Item[],
  b: readonly Item[],
  compare: (a: Item, b: Item) => number,
): Promise<Item[]> {
  const merged: Item[] = [];
  let [left, right] = [0, 0];
  while (merged.length < a.length + b.length) {
    const [first, second] = [a[left], b[right]];
    if (first !== undefined && (second === undefined || compare(first, second) <= 0)) {
      merged.push(first);
      left += 1;
    } else if (second !== undefined) {
      merged.push(second);
      right += 1;
    }
    if (merged.length % slice === 0) await turn();
  }
  return merged;
}
