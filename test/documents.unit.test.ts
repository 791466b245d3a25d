import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const documents = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'GLOSSARY.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...[
    'examples/README.md',
    'docs/commands.md',
    'docs/settings.md',
    'docs/deploy.md',
    'docs/files.md',
    'docs/rules.md',
    'docs/privacy.md',
    'docs/ai.md',
  ],
  ...readdirSync(join(root, 'docs/warehouse')).map((name) => `docs/warehouse/${name}`),
];

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8');

  test('names only files of the project that exist', () => {
    const paths = [...text.matchAll(/`((?:apps|packages|test|docs|bin|examples)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('links only to files that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(root, dirname(document), link)))).toEqual([]);
  });
});
