import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type SettingRow, settingsTable } from '../../packages/config/src/settings-table.ts';

interface Service {
  readonly environment?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

const file = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8');
const services: Readonly<Record<string, Service>> = parse(file, { merge: true }).services;
const each = Object.entries(services);

/** Which services get each secret, besides those of the demo, whose secrets are no secrets. */
const holders: Readonly<Record<string, readonly string[]>> = {
  CLIENT_SECRET: ['worker', 'producer', 'scheduler', 'cli'],
  ACCESS_TOKEN: ['worker', 'producer', 'scheduler', 'cli'],
  BOARD_PASSWORD: ['board', 'demo-board'],
  NOTIFY_URL: ['exporter', 'cli'],
  NOTIFY_SECRET: ['exporter', 'cli'],
};
/** Variables whose value is made of one with another name. */
const sources: Readonly<Record<string, string>> = {
  REDIS_URL: 'REDIS_PASSWORD',
  REDISCLI_AUTH: 'REDIS_PASSWORD',
  PROFILES: 'COMPOSE_PROFILES',
};

describe('the services of docker-compose.yml', () => {
  const secrets = Object.entries<SettingRow>(settingsTable).flatMap(([name, { secret }]) => (secret ? [name] : []));
  it.each(secrets.filter((name) => name !== 'REDIS_URL'))('%s is given to those only that need it', (name) => {
    const given = each.filter(([, { environment }]) => environment?.[name]?.includes('${')).map(([service]) => service);
    expect(given).toEqual(holders[name]);
  });

  it.each(each)(
    '%s gets variables that it reads, each from the variable of the same name',
    (service, { environment = {} }) => {
      const others = ['redis', 'state-folder'].includes(service)
        ? Object.keys(sources)
        : ['ENV_FILE', 'HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'];
      const known = [...Object.keys(settingsTable), ...others];
      for (const [name, value] of Object.entries(environment)) {
        expect(known).toContain(name);
        for (const [, source] of value.matchAll(/\$\{(\w+)/g)) expect([name, sources[name]]).toContain(source);
      }
    },
  );

  it.each(each)('%s has few processes, no rights, a read-only disk, and no file of variables', (_, service) => {
    expect(service['pids_limit']).toBeLessThanOrEqual(100);
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      logging: { driver: 'json-file' },
    });
    for (const loophole of ['env_file', 'privileged', 'pid', 'ipc']) expect(service).not.toHaveProperty(loophole);
  });
});
