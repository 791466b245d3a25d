import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** From the bottom up (docs/decisions/0008-deep-modules.md): each may import only what stands on a level below its own. */
const levels: readonly (readonly string[])[] = [
  ['classification', 'logger', 'files'],
  ['config', 'redis'],
  ['usertesting', 'checkpoints', 'metrics'],
  ['queue', 'state-files', 'exports'],
  ['runtime'],
  ['status'],
  ['producer', 'worker', 'exporter', 'board', 'sandbox'],
  ['cli'],
];
const levelOf = new Map(levels.flatMap((names, level) => names.map((name) => [name, level] as const)));

const parts = ['packages', 'apps'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => ({ name, dependencies: dependenciesOf(join(root, folder, name)) })),
);

function dependenciesOf(folder: string): readonly string[] {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  return Object.keys(dependencies);
}

describe.each(parts)('$name', ({ name, dependencies }) => {
  test('imports only what stands below it', () => {
    const own = levelOf.get(name) ?? -1;
    const ours = dependencies.filter((each) => each.startsWith('@inventory/')).map((each) => each.split('/')[1] ?? '');
    expect(own, `${name} has no level`).toBeGreaterThanOrEqual(0);
    expect(ours.filter((each) => (levelOf.get(each) ?? own) >= own)).toEqual([]);
  });

  test('has BullMQ only where queues are the subject', () => {
    expect(dependencies.includes('bullmq')).toBe(name === 'queue' || name === 'board');
  });
});

test('the sandbox knows nothing of our client', () => {
  const sandbox = parts.find(({ name }) => name === 'sandbox');
  expect(sandbox?.dependencies.filter((each) => each.startsWith('@inventory/'))).toEqual([]);
});
