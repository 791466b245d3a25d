import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Checkpoints } from '@inventory/checkpoints';
import { readRows } from '@inventory/exports';
import { SecretRegistry } from '@inventory/logger';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import { type Certificates, makeCertificates } from '../../../../test/support/certificates.ts';
import { addTests, checkpointsInUse, empty, testUuid } from '../../../../test/support/checkpoints.ts';
import { runExporter } from '../../../../test/support/exporter-process.ts';
import { hasPostgres, type Postgres, query, startPostgres } from '../../../../test/support/postgres.ts';
import { freePort } from '../../../../test/support/redis-servers.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { until } from '../../../../test/support/until.ts';
import { Database } from './database.ts';
import { exportToPostgres } from './export-table.ts';
import { migrate } from './schema.ts';

const survey = { category: 'survey', rule: 'declared-STUDYV2-SURVEY', source: 'declared' } as const;
const longTime = 240_000;
const never = new AbortController().signal;

// Elsewhere than on Debian and Ubuntu, without a PostgreSQL, these tests are skipped.
describe.skipIf(!hasPostgres)('exporter --to postgres://', () => {
  const afterwards: (() => Promise<void>)[] = [];
  let certificates: Certificates;
  let postgres: Postgres;
  let checkpoints: Checkpoints;
  let address: string;

  beforeAll(async () => {
    certificates = await makeCertificates((work) => afterwards.push(work));
    postgres = await startPostgres(certificates);
  }, longTime);
  afterAll(async () => {
    await postgres.stop();
    for (const work of afterwards) await work();
  });
  beforeEach(async () => {
    checkpoints = await checkpointsInUse(inject('redisUrl'), onTestFinished);
    address = await postgres.database();
  });

  const exported = (to = address, from = checkpoints): Promise<string> => {
    const runtime = { checkpoints: from, fill: async () => false, secrets: new SecretRegistry() };
    return exportToPostgres(runtime, to, never);
  };
  const table = () => query(address, 'select * from usertesting_tests order by test_uuid');

  /** The rows of the inventory, with times as PostgreSQL gives them. */
  async function inventory(): Promise<object[]> {
    const rows: object[] = [];
    for await (const portion of readRows(checkpoints)) rows.push(...portion);
    const time = (text: string | null) => text && new Date(text);
    return rows.map((row) => {
      const { ordered_at, classified_at, ...more } = row as Record<string, string | null>;
      return expect.objectContaining({
        ...more,
        ordered_at: time(ordered_at ?? null),
        classified_at: time(classified_at ?? null),
      });
    });
  }

  /** A run that lists tests with these titles, all of them declared but for the empty title; null for none. */
  async function list(titles: readonly (string | null)[]): Promise<void> {
    const workspace = 'w';
    const { id: run, joinedAt } = await checkpoints.runs.start('all');
    await checkpoints.listing.saveWorkspaces([{ uuid: workspace, name: 'Büro' }]);
    const tests = titles.flatMap((title, number) => {
      const listing = { title: title ?? '', orderedAt: '2026-03-01T10:00:00Z' };
      return title === null ? [] : [{ uuid: testUuid(number), listing, declared: title === '' ? null : survey }];
    });
    await checkpoints.listing.savePage({ run, joinedAt, workspace, position: 0, probe: true, tests });
    await checkpoints.listing.finishWorkspace(workspace, run);
    await checkpoints.runs.finish(run);
  }

  it('the table has every test with every character, times as times, and undecided ones as null', async () => {
    await list(['plain', "it's; drop table x", 'two\nlines \\ "x"', 'Büro 🎉', '']);
    expect(await exported()).toMatch(
      /^usertesting_tests in test_\w+ on 127\.0\.0\.1 \(5 new or changed, 0 removed, 5 tests\)$/,
    );
    expect(await table()).toEqual(await inventory());
    await list(['nul \0 byte']);
    await exported();
    expect((await table())[0]).toMatchObject({ title: 'nul  byte' });
  });

  it('only what differs is written, with the revision of its export; without a change nothing is', async () => {
    await addTests(checkpoints, 2_500);
    await exported();
    expect(await exported()).toContain('(nothing has changed)');
    const [before] = await table();
    await list(['new title', 'and another']);
    expect(await exported()).toContain('(2 new or changed, 0 removed, 2500 tests)');
    const rows = await table();
    expect(rows).toEqual(await inventory());
    const later = rows.filter(({ revision }) => BigInt(revision) > BigInt(before?.['revision']));
    expect(later.map(({ test_uuid }) => test_uuid)).toEqual([testUuid(0), testUuid(1)]);
  });

  it('forgotten tests are removed, wherever they stand; tests that are no longer listed stay and say so', async () => {
    await addTests(checkpoints, 2_500);
    await exported();
    await checkpoints.known.forget([0, 999, 1_000, 2_499].map(testUuid));
    expect(await exported()).toContain('(0 new or changed, 4 removed, 2496 tests)');
    await list(['a', 'b']);
    await exported();
    await list(['a']);
    expect(await exported()).toContain('(1 new or changed, 0 removed,');
    expect(await table()).toEqual(await inventory());
    expect((await table())[1]).toMatchObject({ test_uuid: testUuid(1), listed: false });
  });

  it('an export that is killed in the middle of its work has done nothing, and the next one does it all', async () => {
    await addTests(checkpoints, 2_500);
    await exported();
    const before = await table();
    await list(['first', ...Array(2_398).fill(null), 'last']);
    const folder = await temporaryFolder(onTestFinished);
    const redis = { REDIS_URL: inject('redisUrl'), QUEUE_PREFIX: checkpoints.prefix };
    const run = () => runExporter(['--to', address], { ...redis, STATE_DIR: folder, DATA_DIR: folder });

    const blocker = await Database.open({ address, secrets: new SecretRegistry(), signal: never });
    await blocker.run(`begin; select from usertesting_tests where test_uuid = '${testUuid(2_399)}' for update`);
    const { child, ended } = run();
    const waits = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    await until(
      'it has written the first and waits for the last',
      async () => (await query(address, waits)).length > 0,
    );
    child.kill('SIGKILL');
    await ended;
    await blocker.close();
    expect(await table()).toEqual(before);

    const { code, stdout, stderr } = await run().ended;
    expect({ code, secret: (stdout + stderr).includes('adminpass') }).toEqual({ code: 0, secret: false });
    expect(stdout).toContain('(2 new or changed, 0 removed, 2500 tests)');
    expect(await table()).toEqual(await inventory());
  });

  it('a row that somebody has deleted is written again', async () => {
    await addTests(checkpoints, 3);
    await exported();
    await query(address, `delete from usertesting_tests where test_uuid = '${testUuid(1)}'`);
    expect(await exported()).toContain('(1 new or changed, 0 removed, 3 tests)');
    expect(await table()).toEqual(await inventory());
  });

  it('an id that PostgreSQL cannot hold is left out, and a time that it cannot hold is null', async () => {
    const { id: run, joinedAt } = await checkpoints.runs.start('all');
    const times = [
      '+012345-01-01T00:00:00Z',
      '-000001-01-01T00:00:00Z',
      '0000-01-01T00:00:00Z',
      '9999-12-31T00:00:00Z',
    ];
    const tests = ['a\0b', 'a', 'aa', 'ab'].map((uuid, nth) => {
      return { uuid, listing: { orderedAt: times[nth] ?? '' }, declared: null };
    });
    await checkpoints.listing.savePage({ run, joinedAt, workspace: 'w', position: 0, probe: true, tests });
    await exported();
    const rows = (await table()).map(({ test_uuid, ordered_at }) => [test_uuid, ordered_at]);
    expect(rows).toEqual([
      ['a', null],
      ['aa', null],
      ['ab', new Date('9999-12-31T00:00:00Z')],
    ]);
  });

  it('a connection that is cut says so, and one that hangs does not keep the process from ending', async () => {
    await addTests(checkpoints, 3_000);
    const blocker = await Database.open({ address, secrets: new SecretRegistry(), signal: never });
    await exported();
    await list(['first']);
    await blocker.run('begin; select from usertesting_tests for update');
    const waiting = "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    const cut = exported().catch((error: Error) => error.message);
    await until('it waits', async () => (await query(address, waiting)).length > 0);
    await query(address, `select pg_terminate_backend(pid) from (${waiting}) as waits`);
    expect(await cut).toMatch(/terminating connection due to administrator command/);

    const stopping = new AbortController();
    const runtime = { checkpoints, fill: async () => false, secrets: new SecretRegistry() };
    const hangs = exportToPostgres(runtime, address, stopping.signal).catch((error: Error) => error);
    await until('it waits', async () => (await query(address, waiting)).length > 0);
    stopping.abort();
    expect(await hangs).toBe(stopping.signal.reason);
    await blocker.close();
  });

  it('two exports at once: the second finds what the first has stored', async () => {
    await addTests(checkpoints, 3_000);
    const said = await Promise.all([exported(), exported()]);
    expect(said.filter((each) => each.includes('3000 new or changed'))).toHaveLength(1);
    expect(said.filter((each) => each.includes('nothing has changed'))).toHaveLength(1);
  });

  it('tests of another account, and a Redis that has none of them, do not replace the ones in the table', async () => {
    await addTests(checkpoints, 3);
    await exported();
    const other = await checkpointsInUse(inject('redisUrl'), onTestFinished);
    await expect(exported(address, other)).rejects.toThrow(/of another account \(QUEUE_PREFIX \{/);
    await empty(checkpoints.client, checkpoints.prefix);
    await checkpoints.import.ensureInUse(async () => undefined);
    await expect(exported()).rejects.toThrow('none of the 3 tests in the table is in Redis: nothing was changed');
    expect(await table()).toHaveLength(3);
    await addTests(checkpoints, 3);
    await exported();
    await checkpoints.known.forgetAll();
    expect(await exported()).toContain('3 removed');
    expect(await table()).toEqual([]);
  });

  it('a table of an older version is brought up to date, one of a newer version is left alone', async () => {
    await addTests(checkpoints, 1);
    await exported();
    const database = await Database.open({ address, secrets: new SecretRegistry(), signal: never });
    await database.transaction(() =>
      migrate(database, ['never again', 'alter table usertesting_tests add extra text']),
    );
    await database.close();
    expect(await table()).toMatchObject([{ test_uuid: testUuid(0), extra: null }]);
    await expect(exported()).rejects.toThrow(
      /a newer version .* \(version 2 of the table; this program knows 1\): update/,
    );
    await query(address, 'drop table usertesting_tests_export');
    await expect(exported()).rejects.toThrow('a table usertesting_tests that this program has not made');
    await query(address, 'drop table usertesting_tests');
    await exported();
    await query(address, 'drop table usertesting_tests');
    await expect(exported()).rejects.toThrow(/the tables of the export in test_\w+ are not as .* drop both of them/);
  });

  it('TLS checks the certificate of the server, unless told otherwise', async () => {
    await expect(exported(`${address}?sslmode=require`)).rejects.toThrow(
      /certificate of 127\.0\.0\.1 is not trusted: add/,
    );
    await exported(`${address}?sslmode=require&sslrootcert=${certificates.authority}`);
    await exported(`${address}?sslmode=no-verify`);
    const set = async (ssl: 'on' | 'off'): Promise<void> => {
      await query(address, `alter system set ssl = ${ssl}`);
      await query(address, 'select pg_reload_conf()');
    };
    await set('off');
    const withTls = () => exported(`${address}?sslmode=no-verify`).catch((error: Error) => error.message);
    await until('TLS is off', async () => /127\.0\.0\.1 has no TLS: remove sslmode/.test(await withTls()));
    await set('on');
    await until('TLS is on again', async () => (await withTls()).includes('nothing has changed'));
  });

  it('what goes wrong is said with what to do, and without the password', async () => {
    const here = `127.0.0.1:${postgres.port}`;
    await query(address, "create role reader login password 'readerpass'");
    const closed = await freePort();
    const server = createServer((socket) => socket.end());
    onTestFinished(() => void server.close());
    const foreign = await freePort();
    await once(server.listen(foreign, '127.0.0.1'), 'listening');
    const database = address.slice(address.lastIndexOf('/') + 1);
    const cases = [
      [`postgres://admin:wrongpass@${here}/${database}`, /the password of admin is wrong or missing: set PGPASSWORD/],
      [`postgres://nobody:wrongpass@${here}/${database}`, /the password of nobody is wrong/],
      [`postgres://admin@${here}/${database}`, /the password of admin is wrong or missing/],
      [`postgres://admin:adminpass@${here}/missing`, /there is no database missing: create it \(createdb missing\)/],
      [
        `postgres://reader:readerpass@${here}/${database}`,
        /reader may not do this in test_\w+: grant usage, create on schema/,
      ],
      [
        `postgres://admin:adminpass@127.0.0.1:${closed}/x`,
        RegExp(`nothing listens at 127\\.0\\.0\\.1:${closed}: check host`),
      ],
      [
        'postgres://admin:adminpass@no-such-host.invalid/x',
        /there is no host no-such-host\.invalid, or .* check the host/,
      ],
      [
        `postgres://admin:adminpass@127.0.0.1:${foreign}/x`,
        RegExp(`no connection to 127\\.0\\.0\\.1:${foreign}: check host and port, and whether`),
      ],
      [`${address}?sslrootcert=/missing.pem`, /sslrootcert, sslcert or sslkey names a file that does not exist/],
      ['postgres://admin:wrongpass@host:port/x', /address of --to cannot be used: expected postgres:\/\/USER@HOST/],
      ['mysql://admin:wrongpass@host/x', /--to needs the address of a PostgreSQL/],
    ] as const;
    for (const [to, message] of cases) {
      const error = await exported(to).catch((thrown: Error) => thrown);
      expect(error).toMatchObject({ message: expect.stringMatching(message) });
      expect(String(error)).not.toMatch(/adminpass|wrongpass|readerpass/);
    }
  });
});
