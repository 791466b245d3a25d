// A peer as a process that can be killed. Arguments: which one, Redis' socket, prefix, interval in ms; where the API is, is in
// the environment.
import { Redis } from 'ioredis';
import { openApi } from './api.ts';
import { type PeerName, peers } from './peers.ts';

const [name = '', path = '', prefix = '', intervalMs = ''] = process.argv.slice(2);
const connection = new Redis({ path, maxRetriesPerRequest: null });
await peers[name as PeerName].work({
  connection,
  prefix,
  ask: await openApi(process.env),
  intervalMs: Number(intervalMs),
  done: (uuid) => connection.sadd(`${prefix}:done`, uuid),
});
process.stdout.write('ready for tests\n');
