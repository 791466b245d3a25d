#!/usr/bin/env node
// Builds dist/, which is all that runs. The libraries are in it: a start that looks for 600 files takes three times as long.
//   dist/program/      the program, in files of which a command loads what it uses
//   dist/lua/          the scripts that run in Redis
//   dist/page/, dist/queue-pages/    what the board shows in the browser
//   dist/LICENSES.txt  the licences of the libraries
// A running process may read dist/ at any time, so files are replaced in one step, and only those that change.
// Usage: node bin/build.mjs      types are not checked: npm run check; tests run it before all others
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { rolldown } from 'rolldown';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');

/** Builds everything. Errors in the sources are printed, with their lines, and thrown. */
export default async function build() {
  const [program, page] = await Promise.all([bundleProgram(), bundlePage()]);
  const queuePages = filesBelow(join(root, 'node_modules/@bull-board/ui/dist'), 'queue-pages/dist');
  const written = new Map([
    ...program.files,
    ...page.files,
    ...queuePages,
    ...['checkpoints', 'queue'].flatMap((name) => [...filesBelow(join(root, 'packages', name, 'lua'), 'lua')]),
    ['LICENSES.txt', Buffer.from(licences([...program.inputs, ...page.inputs]))],
  ]);
  for (const [path, contents] of written) replace(join(dist, path), contents);
  // Tests run the board from its sources.
  for (const [path, contents] of written)
    if (/^(page|queue-pages)\//.test(path)) replace(join(root, 'apps/board/dist', path), contents);
  for (const path of filesBelow(dist, '').keys()) if (!written.has(path)) rmSync(join(dist, path));
}

/** Only what a command uses is in the files that it loads. */
async function bundleProgram() {
  const bundle = await rolldown({
    cwd: root,
    platform: 'node',
    input: {
      main: 'apps/cli/src/main.ts',
      'worker-healthy': 'apps/worker/src/healthy.ts',
      'exporter-healthy': 'apps/exporter/src/healthy.ts',
    },
    // `import` or `require` is added, as the importing file has it: with the wrong one, pg is no class.
    resolve: { conditionNames: ['source', 'node'] },
    tsconfig: false,
    transform: { target: 'node20.19' },
    // Bull Board finds its files by an eval that is never reached.
    checks: { eval: false },
  });
  const { output } = await bundle.generate({ format: 'esm', chunkFileNames: '[name]-[hash].js' });
  return {
    files: new Map(output.map(({ fileName, code }) => [join('program', fileName), Buffer.from(code)])),
    inputs: output.flatMap(({ moduleIds }) => moduleIds),
  };
}

/** The inventory page; Bull Board's is ready-made. */
async function bundlePage() {
  const { outputFiles, metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['src/main.tsx', 'styles/page.css', 'index.html', 'icon.svg'].map((file) => `apps/board/page/${file}`),
    entryNames: '[name]',
    outdir: join(dist, 'page'),
    format: 'esm',
    bundle: true,
    conditions: ['source'],
    minify: true,
    sourcemap: true,
    legalComments: 'none',
    loader: { '.html': 'copy', '.svg': 'copy' },
    write: false,
    metafile: true,
  });
  return {
    files: new Map(outputFiles.map(({ path, contents }) => [relative(dist, path), Buffer.from(contents)])),
    inputs: Object.keys(metafile.inputs).map((path) => join(root, path)),
  };
}

/** The files of a folder, with their contents, by their path below `prefix`. */
function filesBelow(folder, prefix) {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [join(prefix, relative(folder, path)), readFileSync(path)]));
}

function replace(path, contents) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}

/** The licences of all libraries that these modules are from, and of Bull Board's page. */
function licences(modules) {
  const folders = modules.flatMap((path) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  folders.push(join(root, 'node_modules/@bull-board/ui'));
  return [...new Set(folders)].sort().map(licenceOf).join('\n');
}

function licenceOf(folder) {
  const { name, version, license, repository } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  // Some name their licence only.
  if (texts.length === 0) texts.push(`From ${repository?.url ?? repository}`);
  return [`== ${name} ${version} (${license})`, ...texts, ''].join('\n\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
