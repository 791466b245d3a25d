#!/usr/bin/env node
// Starts a command of the program, after making sure that the program is installed and built.
// Usage: node bin/run.mjs COMMAND [ARGUMENT ...]
// No dependencies: this runs on a fresh clone, before anything is installed.
import './check-node.mjs';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
// What was installed and what was built, by the contents of the files it came from: a copy elsewhere is as good.
const stamps = { installed: join(modules, '.inventory-installed'), built: join(modules, '.inventory-built') };

// Earlier versions had the commands in one of several programs: `cli start` is `start`.
if (process.argv[2] === 'cli') process.argv.splice(2, 1);

if (!upToDate()) prepareAlone();
if (process.argv.length > 2) await import(pathToFileURL(join(root, 'dist', 'program', 'main.js')).href);

function upToDate() {
  return isInstalled() && isBuilt();
}

/** Installs and builds what is missing, one process at a time. */
function prepareAlone() {
  const lock = join(root, '.setup.lock');
  acquireLock(lock);
  try {
    if (!isInstalled()) {
      // Install scripts of dependencies are not run: none is needed.
      const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
      run('Installing (once)', 'npm', ['ci', '--include=dev', '--ignore-scripts', ...quiet]);
      writeFileSync(stamps.installed, lockDigest());
    }
    if (!isBuilt()) {
      run('Building', 'npm', ['run', '--silent', 'build']);
      writeFileSync(stamps.built, sourceDigest());
    }
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function acquireLock(lock) {
  for (;;) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') refuse(error);
    }
    if (!holderLives(lock)) rmSync(lock, { recursive: true, force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
}

function refuse({ code }) {
  process.stderr.write(
    `This copy of the program is not installed and built for its present sources, and ${root} cannot be written ` +
      `(${code}). Run npm run build there as the owner of the folder, then start it again.\n`,
  );
  process.exit(2);
}

function holderLives(lock) {
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0);
    return true;
  } catch (error) {
    // A lock without a process id is just being created, unless it is old.
    if (error.code === 'ENOENT') return existsSync(lock) && Date.now() - statSync(lock).mtimeMs < 5_000;
    return error.code === 'EPERM';
  }
}

function run(what, command, args) {
  process.stderr.write(`${what} …\n`);
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    // A --dry-run that npm has kept for itself (npm run reclassify --dry-run) is not meant for this.
    env: { ...process.env, NODE_ENV: 'development', npm_config_dry_run: '' },
    maxBuffer: 1 << 26,
  });
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  process.stderr.write(`${what} failed: ${result.error?.message ?? `${command} ${args.join(' ')} says why above`}.\n`);
  rmSync(join(root, '.setup.lock'), { recursive: true, force: true });
  process.exit(1);
}

function isInstalled() {
  return existsSync(modules) && (readStamp(stamps.installed) === lockDigest() || isInstalledByHand());
}

/** Whether npm itself notes that it has installed what the lock file says, or later. */
function isInstalledByHand() {
  const note = statSync(join(modules, '.package-lock.json'), { throwIfNoEntry: false });
  return note !== undefined && note.mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

function isBuilt() {
  return readStamp(stamps.built) === sourceDigest();
}

function readStamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function lockDigest() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** Names and contents of all that is built: a build of anything else is out of date. The libraries are in it. */
function sourceDigest() {
  const hash = createHash('sha256').update(lockDigest());
  hash.update(readFileSync(join(root, 'bin', 'build.mjs')));
  hash.update(String(existsSync(join(root, 'dist'))));
  for (const group of ['apps', 'packages']) {
    for (const name of readdirSync(join(root, group)).sort()) {
      const folder = join(root, group, name);
      const sources = ['src', 'page', 'lua'].map((part) => join(folder, part)).filter((part) => existsSync(part));
      const files = sources.flatMap((part) => readdirSync(part, { recursive: true, withFileTypes: true }));
      const paths = files
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
        .map((entry) => join(entry.parentPath, entry.name))
        .sort();
      for (const path of paths) hash.update(`${relative(root, path)}\0`).update(readFileSync(path));
    }
  }
  return hash.digest('hex');
}
