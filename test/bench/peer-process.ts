// The peer as a process that can be killed. Arguments: Redis' socket, prefix, interval in ms; the sandbox's settings are in
// the environment.
import { Redis } from 'ioredis';
import { startPeer } from './peer.ts';

const [path = '', prefix = '', intervalMs = ''] = process.argv.slice(2);
const connection = new Redis({ path, maxRetriesPerRequest: null });
const settings = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? '']));
await startPeer({ sandbox: { settings }, connection, prefix, intervalMs: Number(intervalMs) });
process.stdout.write('ready for tests\n');
