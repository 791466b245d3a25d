/** The bare fact of a failure. */
export class PlainCause extends Error {
  override readonly name = 'PlainCause' as const;
  /** A system error's code such as ECONNRESET; empty when it has none. */
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/**
 * A failure without what hangs on it: axios errors carry the request with its token, Node's parse errors the bytes
 * that came. Only the code and a message that comes from Node itself stay.
 */
export function plainCause(failure: unknown): PlainCause {
  if (!(failure instanceof Error)) return new PlainCause('unknown failure', '');
  const code = 'code' in failure && typeof failure.code === 'string' ? failure.code : '';
  return new PlainCause(failure.message || code, code);
}
