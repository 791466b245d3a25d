/** `REDIS_URL` cannot be read. A wrong setting, found before anything was asked of anybody: exit 2. */
export class RedisUrlError extends Error {
  override readonly name = 'RedisUrlError';
  readonly exitCode = 2;
}

/** Redis does not answer, or refuses us, at the start. Nothing was done yet; the settings or Redis need a hand: exit 2. */
export class RedisUnavailableError extends Error {
  override readonly name = 'RedisUnavailableError';
  readonly exitCode = 2;
}

/** Redis answers but is older than what the queue needs: exit 2. */
export class RedisTooOldError extends Error {
  override readonly name = 'RedisTooOldError';
  readonly exitCode = 2;
}

/** There is no `REDIS_URL` and no redis-server to be had on this machine: exit 2. The message lists ways to get one. */
export class RedisServerMissingError extends Error {
  override readonly name = 'RedisServerMissingError';
  readonly exitCode = 2;
}

/** The embedded Redis does not start, or its lock stays taken: exit 1. The data are as they were; trying again is safe. */
export class RedisStartError extends Error {
  override readonly name = 'RedisStartError';
}

/** `DATA_DIR` cannot be used: no permission, disk full, or not a folder: exit 1, after which the same command may be repeated. */
export class DataDirError extends Error {
  override readonly name = 'DataDirError';
}
