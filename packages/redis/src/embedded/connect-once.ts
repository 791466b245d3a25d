import { Redis } from 'ioredis';

/**
 * One connection to a socket, without any further try. While Redis loads its data this waits.
 * @returns null when nobody listens there (no socket, or one left over).
 * @throws any other error of the connection.
 */
export async function connectOnce(socketPath: string, connectionName: string): Promise<Redis | null> {
  const client = new Redis({
    path: socketPath,
    connectionName,
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: null,
  });
  let failure: unknown = null;
  client.on('error', (error) => {
    failure = error;
  });
  try {
    await client.connect();
    return client;
  } catch (error) {
    const reason = failure ?? error;
    const code = reason instanceof Error && 'code' in reason ? reason.code : undefined;
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return null;
    throw reason;
  }
}
