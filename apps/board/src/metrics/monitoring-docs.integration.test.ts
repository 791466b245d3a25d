import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { livelyAccount } from '../../../../test/support/lively-account.ts';
import { needsPromtool, promtool } from '../../../../test/support/promtool.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { metricsRoute } from './metrics-route.ts';

const pathOf = (name: string) => fileURLToPath(new URL(`../../../../docs/${name}`, import.meta.url));
const textOf = (name: string) => readFile(pathOf(name), 'utf8');
const alerts = 'monitoring/alerts.yml';
const documents = ['monitoring.md', alerts, 'monitoring/alerts.test.yml', 'monitoring/grafana-dashboard.json'];

/** The names of all metrics that the board gives, with those that a histogram's parts have. */
async function given(): Promise<Set<string>> {
  await using opened = await livelyAccount();
  const { runtime, account } = opened;
  const route = metricsRoute({
    runtime,
    queue: account.queue,
    errors: async () => [],
    logger: runtime.logger,
    wrongPasswords: () => 0,
  });
  const response = await route.request('/metrics');
  const types = [...(await response.text()).matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return new Set(
    types.flatMap(([, name = '', type]) =>
      type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
}

const namedIn = (text: string) => new Set(text.match(/\b(?:inventory|process|nodejs)_[a-z_]+[a-z]\b/g));

describe('the names of metrics', () => {
  it('in the documents, alerts and dashboard are all given by the board', async () => {
    const names = await given();
    for (const document of documents) {
      const named = namedIn(await textOf(document));
      expect(named.size, document).toBeGreaterThan(5);
      expect(
        [...named].filter((name) => !names.has(name)),
        document,
      ).toEqual([]);
    }
  });

  it('that the board gives are all explained', async () => {
    const explained = namedIn(await textOf('monitoring.md'));
    const own = [...(await given())].filter((name) => name.startsWith('inventory_'));
    expect(own.filter((name) => !explained.has(name) && !/_(bucket|sum|count)$/.test(name))).toEqual([]);
  });
});

describe('the alert rules', () => {
  it('are ones that promtool accepts', async (context) => {
    needsPromtool(context);
    const { code, output } = await promtool(['check', 'rules', '--lint-fatal', pathOf(alerts)]);
    expect([code, output]).toEqual([0, expect.stringContaining('SUCCESS: 11 rules found')]);
  });

  it('fire when they should, and are silent when something else explains it', async (context) => {
    needsPromtool(context);
    const { code, output } = await promtool(['test', 'rules', pathOf('monitoring/alerts.test.yml')]);
    expect([code, output]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });

  it('are all tested and all explained', async () => {
    const [rules, tests, guide] = await Promise.all(
      [alerts, 'monitoring/alerts.test.yml', 'monitoring.md'].map(textOf),
    );
    const names = [...(rules ?? '').matchAll(/alert: (\w+)/g)].map(([, name = '']) => name);
    expect(names).toHaveLength(11);
    for (const name of names) {
      expect(tests).toContain(`- alertname: ${name}\n`);
      expect(guide).toContain(`\`${name}\``);
    }
  });
});

describe('the dashboard', () => {
  it('asks in each panel for something that promtool can read as a rule', async (context) => {
    const { panels } = JSON.parse(await textOf('monitoring/grafana-dashboard.json'));
    const expressions: string[] = panels.flatMap(({ targets }: { targets: { expr: string }[] }) =>
      targets.map(({ expr }) => expr),
    );
    expect(expressions.length).toBeGreaterThan(15);
    needsPromtool(context);
    const rules = expressions.map((expr, index) => ({ record: `panel:${index}`, expr }));
    const file = join(await temporaryFolder(onTestFinished), 'dashboard.yml');
    await writeFile(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
    expect(await promtool(['check', 'rules', file])).toMatchObject({ code: 0 });
  });
});
