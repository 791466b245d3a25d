/** What INFO says about a Redis, as far as we care. */
export interface RedisFacts {
  /** Such as `7.0.15`; empty when Redis does not say. Valkey gives the Redis version that it is compatible with. */
  readonly version: string;
  readonly isCluster: boolean;
  readonly isReplica: boolean;
  readonly processId: number;
  readonly evictionPolicy: string;
  readonly appendOnly: boolean;
}

/** Reads the text that INFO answers. */
export function redisFacts(info: string): RedisFacts {
  const field = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  return {
    version: field('redis_version'),
    isCluster: field('redis_mode') === 'cluster',
    isReplica: field('role') === 'slave',
    processId: Number(field('process_id')),
    evictionPolicy: field('maxmemory_policy'),
    appendOnly: field('aof_enabled') === '1',
  };
}

/** Whether a version such as `6.0.16` is below 6.2, the oldest that BullMQ supports; an unknown one is not. */
export function isTooOld(version: string): boolean {
  const [major = '', minor = ''] = version.split('.');
  return version !== '' && (Number(major) < 6 || (Number(major) === 6 && Number(minor) < 2));
}
