import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A program like ours, with one app that says hello, installed but not built. */
async function smallProgram(): Promise<string> {
  const root = join(await temporaryFolder(onTestFinished), 'program');
  for (const folder of ['bin', 'packages', 'apps/hello/src', 'node_modules'])
    await mkdir(join(root, folder), { recursive: true });
  for (const name of ['run.mjs', 'check-node.mjs', 'build.mjs'])
    await cp(fileURLToPath(new URL(`../../bin/${name}`, import.meta.url)), join(root, 'bin', name));
  const build = 'mkdir -p dist/program && cp apps/hello/src/main.js dist/program/main.js';
  await writeFile(join(root, 'package.json'), JSON.stringify({ type: 'module', scripts: { build } }));
  await writeFile(join(root, 'package-lock.json'), '{}');
  await writeFile(join(root, 'node_modules/.package-lock.json'), '{}');
  await writeFile(join(root, 'apps/hello/src/main.js'), "console.log('hello');\n");
  return root;
}

/** Runs its app. @param user id of another user; the rights of root would write anywhere */
function run(root: string, user?: number) {
  const options = { encoding: 'utf8' as const, ...(user !== undefined && { uid: user }) };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/run.mjs'), 'hello'], options);
  return { status, stdout, stderr };
}

/** Takes the right to write from everything below a folder. */
async function makeReadOnly(folder: string): Promise<void> {
  await chmod(join(folder, '..'), 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o555 : 0o444);
  await chmod(folder, 0o555);
}

const nobody = process.getuid?.() === 0 ? 65_534 : undefined;

it('a copy that is built runs elsewhere, read-only, for another user', async () => {
  const root = await smallProgram();
  expect(run(root)).toMatchObject({ status: 0, stdout: 'hello\n' });
  const copy = join(await temporaryFolder(onTestFinished), 'copy');
  await cp(root, copy, { recursive: true });
  await makeReadOnly(copy);
  expect(run(copy, nobody)).toEqual({ status: 0, stdout: 'hello\n', stderr: '' });
});

it('a read-only copy that is not built says so in a sentence', async () => {
  const root = await smallProgram();
  await makeReadOnly(root);
  const { status, stderr } = run(root, nobody);
  expect(status).toBe(2);
  expect(stderr).toMatch(/not installed and built.*cannot be written \(EACCES\)/);
  expect(stderr).not.toContain('    at ');
});
