/** Text of a JSON array or object that is written piece by piece, the same as `JSON.stringify(value, null, 2)`. */
export class JsonContainer {
  readonly #brackets: '[]' | '{}';
  #empty = true;

  constructor(brackets: '[]' | '{}') {
    this.#brackets = brackets;
  }

  /** The text that appends items. @param items an array's items, or `"key": value`, from {@link member} */
  add(items: readonly string[]): string {
    if (items.length === 0) return '';
    const start = this.#empty ? `${this.#brackets[0]}\n  ` : ',\n  ';
    this.#empty = false;
    return start + items.join(',\n  ');
  }

  /** The text that ends it. */
  end(): string {
    return this.#empty ? this.#brackets : `\n${this.#brackets[1]}`;
  }
}

/** An item of an array, indented as one. */
export function item(value: object): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', '\n  ');
}

/** A member of an object, indented as one. */
export function member(key: string, value: object): string {
  return `${JSON.stringify(key)}: ${item(value)}`;
}
