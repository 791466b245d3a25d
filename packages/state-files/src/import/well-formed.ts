/** The text with what no UTF-8 can say (half a surrogate pair) replaced by U+FFFD, as Redis and its Lua need it. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
