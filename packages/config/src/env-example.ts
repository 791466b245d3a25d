import { settingsTable } from './settings-table.ts';

const head = `# Settings of usertesting-inventory. Copy this file to .env and fill in the first two.
# The environment wins over this file. An empty value means the default, which is what stands here.
`;

const containers = `# --- Only for docker compose; the program itself does not read what follows. ---
# With it, REDIS_URL above is how programs on this machine reach its Redis: redis://:PASSWORD@127.0.0.1:6379
# A value with a $ in it goes into single quotes.

# password of its Redis: letters and digits, because it becomes part of a URL
REDIS_PASSWORD=

# port of this machine where its Redis is reached
REDIS_PORT=6379

# what runs: live, or live,schedule with a producer that starts by itself
COMPOSE_PROFILES=live

# when that one starts: minute, hour, day of the month, month, day of the week; and in which time zone
SCHEDULE=0 2 * * *
SCHEDULE_TIME_ZONE=UTC

# user and group of this machine that the files in ./state belong to: what "id -u" and "id -g" say
HOST_UID=1000
HOST_GID=1000
`;

/** The text of `.env.example`: every row of the table of settings, with its default and one line. */
export function envExample(): string {
  const rows = Object.values(settingsTable).map(({ name, fallback, about }) => `# ${about}\n${name}=${fallback}\n`);
  return [head, ...rows, containers].join('\n');
}
