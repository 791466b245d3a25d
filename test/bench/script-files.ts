import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Item {
  readonly test_uuid: string;
  readonly workspace_uuid: string;
  readonly workspace_name: string;
  test_type?: string;
}

/** The tutorial's way of keeping results: each change reads a list, searches it, and writes all of it again. */
export class ScriptFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Its `append_to_object_list_file`. */
  async append(name: string, item: Item): Promise<void> {
    const items = await this.#load(name);
    if (items.some(({ test_uuid }) => test_uuid === item.test_uuid)) return;
    await this.#save(name, [...items, item]);
  }

  /** Its `update_test_classification`. */
  async update(name: string, testUuid: string, type: string): Promise<void> {
    const items = await this.#load(name);
    const found = items.find(({ test_uuid }) => test_uuid === testUuid);
    if (found) found.test_type = type;
    await this.#save(name, items);
  }

  async #load(name: string): Promise<Item[]> {
    const text = await readFile(join(this.#folder, name), 'utf8').catch(() => '[]');
    return JSON.parse(text) as Item[];
  }

  async #save(name: string, items: readonly Item[]): Promise<void> {
    const seen = new Set<string>();
    const once = items.filter(({ test_uuid }) => !seen.has(test_uuid) && seen.add(test_uuid));
    await writeFile(join(this.#folder, name), JSON.stringify(once, null, 2));
  }
}
