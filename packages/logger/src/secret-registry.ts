/**
 * Knows the secrets of this process (client secret, tokens, passwords) and takes them out of any text.
 * Secrets come and go while the program runs, so the registry is handed to whoever learns of a new one.
 */
export class SecretRegistry {
  readonly #secrets = new Set<string>();

  /** @param secret a value that must never be written; empty and very short ones are ignored. */
  add(secret: string): void {
    if (secret.length < 6) return;
    this.#secrets.add(secret);
    this.#secrets.add(encodeURIComponent(secret));
    // as it stands inside a JSON text
    this.#secrets.add(JSON.stringify(secret).slice(1, -1));
  }

  /** The text with each known secret replaced by `[secret]`. */
  clean(text: string): string {
    let clean = text;
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, '[secret]');
    return clean;
  }

  /**
   * A value as JSON has them with each known secret replaced in its texts and keys. Numbers stay: a secret of digits is no
   * part of them, and a replaced part would be no JSON any more.
   */
  cleanValue(value: unknown): unknown {
    if (typeof value === 'string') return this.clean(value);
    if (Array.isArray(value)) return value.map((item) => this.cleanValue(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.clean(key), this.cleanValue(item)]));
  }
}
