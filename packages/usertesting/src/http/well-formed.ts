/** The text with what no UTF-8 can say (half a surrogate pair) replaced by U+FFFD: neither Redis' Lua nor a file can hold it. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
