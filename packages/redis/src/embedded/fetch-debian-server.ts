import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InterruptedError, runProgram } from './programs.ts';

export interface FetchDebianServerOptions {
  /** Existing folder for everything that the fetch needs. */
  readonly folder: string;
  /** Where the packages end up, all or nothing. */
  readonly unpacked: string;
  /** Paths of the two programs. */
  readonly aptGet: string;
  readonly dpkgDeb: string;
  /** Names of the server's packages; of several choices, the first that there is. */
  readonly choices: readonly (readonly string[])[];
}

const timeoutMs = 3 * 60_000;

/** Nothing of the system may be changed, and nothing fetched but the lists of packages. */
const aptConfig = [
  'APT::Update::Pre-Invoke',
  'APT::Update::Post-Invoke',
  'APT::Update::Post-Invoke-Success',
  'Acquire::IndexTargets::deb-src',
  'Acquire::IndexTargets::deb::Contents-deb',
  'Acquire::IndexTargets::deb::CNF',
  'Acquire::IndexTargets::deb::DEP-11',
  'Acquire::IndexTargets::deb::DEP-11-icons',
  'Acquire::IndexTargets::deb::DEP-11-icons-small',
  'Acquire::IndexTargets::deb::DEP-11-icons-large',
  'Acquire::IndexTargets::deb::DEP-11-icons-hidpi',
  'Acquire::IndexTargets::deb::DEP-11-icons-large-hidpi',
]
  .map((name) => `#clear ${name};\n`)
  .join('');

/**
 * Fetches a server's packages of this Debian or Ubuntu from the system's own sources and unpacks them, with the
 * libraries that the system lacks. Needs no root and no earlier `apt-get update`: apt works on a private state.
 * Only one process at a time may do this in a folder.
 * @throws InterruptedError; Error that says what apt said; file system errors.
 */
export async function fetchDebianServer(options: FetchDebianServerOptions): Promise<void> {
  const { folder, unpacked, aptGet, dpkgDeb, choices } = options;
  const work = join(folder, 'fetching');
  await rm(work, { recursive: true, force: true });
  try {
    const apt = await privateApt(work, aptGet);
    // One of the system's sources may be unreachable, but not the one that matters: the download decides.
    const updated = await apt(['update']).then(
      () => null,
      (error: Error) => error,
    );
    if (updated instanceof InterruptedError) throw updated;
    const debs = await download(apt, choices, join(work, 'debs')).catch((error: Error) => {
      throw error instanceof InterruptedError ? error : withoutUrls(updated ?? error);
    });
    const root = join(work, 'root');
    for (const deb of debs) await runProgram(dpkgDeb, ['-x', deb, root], { timeoutMs });
    await rm(unpacked, { recursive: true, force: true });
    await rename(root, unpacked);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

type Apt = (args: readonly string[], cwd?: string) => Promise<string>;

async function privateApt(work: string, aptGet: string): Promise<Apt> {
  const at = (...parts: string[]): string => join(work, ...parts);
  await Promise.all(
    [at('lists', 'partial'), at('cache', 'archives', 'partial'), at('debs'), at('root')].map((path) =>
      mkdir(path, { recursive: true }),
    ),
  );
  await writeFile(at('apt.conf'), aptConfig);
  const settings = [
    `Dir::State=${work}`,
    `Dir::State::lists=${at('lists')}`,
    'Dir::State::status=/var/lib/dpkg/status',
    `Dir::Cache=${at('cache')}`,
    `Dir::Log=${work}`,
    'APT::Sandbox::User=',
    'Acquire::Languages=none',
    'Acquire::Retries=2',
  ].flatMap((setting) => ['-o', setting]);
  return (args, cwd = work) =>
    runProgram(aptGet, ['-c', at('apt.conf'), ...settings, '-qq', ...args], { cwd, timeoutMs });
}

/** @returns the paths of the downloaded packages. */
async function download(apt: Apt, choices: FetchDebianServerOptions['choices'], debs: string): Promise<string[]> {
  const [packages = [], ...others] = choices;
  try {
    const lacking = await apt(['--simulate', '--no-install-recommends', 'install', ...packages]);
    await apt(['download', ...new Set([...packages, ...neededPackages(lacking)])], debs);
  } catch (error) {
    if (others.length === 0 || error instanceof InterruptedError) throw error;
    return await download(apt, others, debs).catch(() => {
      throw error;
    });
  }
  return (await readdir(debs)).filter((name) => name.endsWith('.deb')).map((name) => join(debs, name));
}

/**
 * The packages that a server needs, of those that an installation would add by the output of `apt-get --simulate`: itself
 * and libraries, but never another C library, which would not fit the system's loader.
 */
export function neededPackages(simulation: string): string[] {
  return [...simulation.matchAll(/^Inst (\S+)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => /^(lib|redis|valkey|postgresql)/.test(name) && !/^libc(6|-)/.test(name));
}

/** A source's URL may contain a password. */
function withoutUrls(error: Error): Error {
  return new Error(error.message.replaceAll(/\b\w+:\/\/\S+/g, '(the package source)'), { cause: error.cause });
}
