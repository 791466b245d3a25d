/**
 * Knows the secrets of this process (client secret, tokens, passwords) and replaces them in any text. New ones are added
 * while the program runs.
 */
export class SecretRegistry {
  /** The longest first: one may be a part of another, whose rest would be left. */
  #secrets: readonly string[] = [];

  /** @param secret a value that must never be written; one of fewer than six characters is ignored. */
  add(secret: string): void {
    if (secret.length < 6) return;
    const inJson = JSON.stringify(secret).slice(1, -1);
    const all = new Set([...this.#secrets, secret, encodeURIComponent(secret), inJson]);
    this.#secrets = [...all].sort((a, b) => b.length - a.length);
  }

  /**
   * @param address one that is a secret: whoever knows its path or its query can use it. Servers repeat either in answers;
   * short values of the query are ordinary words.
   */
  addAddress(address: string): void {
    const { pathname, search, searchParams } = new URL(address);
    const values = [...searchParams.values()].filter(({ length }) => length >= 20);
    for (const part of [address, pathname + search, pathname, ...values]) this.add(part);
  }

  /** The text with each known secret replaced by `[secret]`. */
  clean(text: string): string {
    let clean = text;
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, '[secret]');
    return clean;
  }

  /** A JSON value with each known secret replaced in its texts and keys. Numbers stay as they are. */
  cleanValue(value: unknown): unknown {
    return withTexts(value, (text) => this.clean(text));
  }
}

/** A JSON value with every text in it, keys too, changed. */
export function withTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => withTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key), withTexts(item, change)]));
}
