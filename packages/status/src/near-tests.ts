import type { Checkpoints } from '@inventory/checkpoints';

const shortest = 2;

/** Known UUIDs that begin most like a word that is none. @param most how many at most */
export async function nearTests(checkpoints: Checkpoints, word: string, most: number): Promise<string[]> {
  for (let length = word.length - 1; length >= shortest; length -= 1) {
    const found = await checkpoints.inventory.find(word.slice(0, length).toLowerCase(), most);
    if (found.length > 0) return found;
  }
  return [];
}
