import type { Checkpoints } from '@inventory/checkpoints';

type Place = Pick<Checkpoints, 'client' | 'prefix'>;

/** Makes the verdict of a test a provisional one. @param until epoch ms */
export async function makeProvisional({ client, prefix }: Place, uuid: string, until: number): Promise<void> {
  const verdict = JSON.parse((await client.hget(`${prefix}:verdicts`, uuid)) ?? '{}');
  await client.hset(`${prefix}:verdicts`, uuid, JSON.stringify({ ...verdict, provisionalUntil: until }));
  await client.zadd(`${prefix}:provisional`, until, uuid);
  await moveRevisions({ client, prefix });
}

/** Has nothing confirm the verdicts of these tests. */
export async function makeUnconfirmed({ client, prefix }: Place, ...uuids: string[]): Promise<void> {
  await client.sadd(`${prefix}:unconfirmed`, ...uuids);
  await moveRevisions({ client, prefix });
}

async function moveRevisions({ client, prefix }: Place): Promise<void> {
  const revision = Number(await client.get(`${prefix}:revision`)) + 1;
  await client.mset(`${prefix}:revision`, revision, `${prefix}:untold`, revision);
}
