// Works on each new verdict of the change feed (docs/change-feed.md) at least once, also across crashes.
// REDIS_URL: the Redis of the account. FEED: the stream, `{classify}:decided` unless QUEUE_PREFIX was changed.
import { Redis } from 'ioredis';

const { REDIS_URL, FEED: stream = '{classify}:decided' } = process.env;
const [group, consumer] = ['pipeline', 'pipeline-1'];
const redis = new Redis(REDIS_URL);

// From the oldest verdict in the stream; '$' instead of '0' would begin with the next one.
await redis.xgroup('CREATE', stream, group, '0', 'MKSTREAM').catch((error) => {
  if (!error.message.startsWith('BUSYGROUP')) throw error;
});

// First what this consumer was given before and has not acknowledged, then what is new.
for (let from = '0'; ; ) {
  const answer = await redis.xreadgroup(
    ...['GROUP', group, consumer, 'COUNT', 100, 'BLOCK', 5000, 'STREAMS', stream, from],
  );
  const entries = answer?.[0]?.[1] ?? [];
  if (entries.length === 0) from = '>';
  for (const [id, fields] of entries) {
    // Without fields: the entry has been trimmed since it was given out.
    if (fields) await work(fields[1], JSON.parse(fields[3]));
    await redis.xack(stream, group, id);
  }
}

async function work(testUuid, { category, source }) {
  if (category === 'survey') console.log(`a new survey: ${testUuid} (${source})`);
}
