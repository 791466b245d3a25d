/** `REDIS_URL` cannot be read; found before any request. */
export class RedisUrlError extends Error {
  override readonly name = 'RedisUrlError';
  readonly exitCode = 2;
}

/** Redis does not answer, or denies access, at the start. Nothing was done yet; the settings or Redis need to change. */
export class RedisUnavailableError extends Error {
  override readonly name = 'RedisUnavailableError';
  readonly exitCode = 2;
}

/** Redis answers but is older than what the queue needs. */
export class RedisTooOldError extends Error {
  override readonly name = 'RedisTooOldError';
  readonly exitCode = 2;
}

/** There is no `REDIS_URL`, and no redis-server available on this machine. The message lists ways to get one. */
export class RedisServerMissingError extends Error {
  override readonly name = 'RedisServerMissingError';
  readonly exitCode = 2;
}

/** The embedded Redis does not start, or its lock is not released. The data are as they were; trying again is safe. */
export class RedisStartError extends Error {
  override readonly name = 'RedisStartError';
}

/** `DATA_DIR` cannot be used: no permission, disk full, or not a folder. The same command may be repeated. */
export class DataDirError extends Error {
  override readonly name = 'DataDirError';
}
