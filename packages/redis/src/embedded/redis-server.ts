/** A Redis or Valkey server that was seen to run on this machine. */
export interface RedisServer {
  readonly command: string;
  /** The whole environment that it needs. */
  readonly env: Record<string, string>;
}
