import { join } from 'node:path';
import { commandLine, displayPath, type Logger } from '@inventory/logger';
import { StateDirError } from './errors.ts';
import { type ReadFile, readImports } from './imported.ts';
import { readManifest, type StateFileName, stateFileNames } from './manifest.ts';

/** Decides, for tests that the files have lost, whether they are to be classified again. @param loss a sentence for people */
export type AcceptLoss = (loss: string) => Promise<boolean>;

/** A loss that takes less time than this needs no decision by the user, ms. */
const smallLossMs = 600_000;
/** Requests that most tests need at least. */
const leastRequests = 2;

/**
 * Asks before hours are spent: where damaged files have lost many tests, and nothing else knows them.
 * @throws StateDirError `damaged` when it is not accepted that they are classified again
 */
export async function assertSmallLoss(
  stateDir: string,
  requestIntervalMs: number,
  accept: AcceptLoss = async () => false,
): Promise<void> {
  const { tests, files } = await lostTests(stateDir);
  const leastMs = leastRequests * tests * requestIntervalMs;
  if (leastMs < smallLossMs) return;
  const hours = (leastMs / 3_600_000).toFixed(1);
  const where = `${files.join(' and ')} in ${displayPath(stateDir)}`;
  const loss = `About ${tests} tests cannot be read from ${where}; to classify them again takes ${hours} hours or more.`;
  if (await accept(loss)) return;
  throw new StateDirError(
    'damaged',
    `${loss} Nothing was changed. Put a sound copy of the files in their place, or have these tests classified again: ` +
      `${commandLine('start', '--yes')}.`,
  );
}

/** About how many tests the files cannot give back: the manifest knows how many were written to them. */
async function lostTests(stateDir: string): Promise<{ readonly tests: number; readonly files: readonly string[] }> {
  const { counts } = (await readManifest(stateDir)) ?? {};
  const written = new Map<StateFileName, number | undefined>([
    [stateFileNames.utz, counts?.utz],
    [stateFileNames.classic, counts?.classicut],
  ]);
  const read = new Map<StateFileName, number>();
  const lost = new Map<StateFileName, number>();
  await readImports(stateDir, {
    tests: ({ items }, file) => void read.set(file, (read.get(file) ?? 0) + items.length),
    errors: () => undefined,
    ended: ({ file, damage, lost: guessed }) => {
      const before = damage === null ? undefined : written.get(file);
      const missed = before === undefined ? guessed : Math.max(0, before - (read.get(file) ?? 0));
      if (missed > 0) lost.set(file, missed);
    },
  });
  return { tests: [...lost.values()].reduce((sum, count) => sum + count, 0), files: [...lost.keys()] };
}

/** Says what was noticed in a file that was imported. */
export function logRemarks(stateDir: string, { file: name, damage, ...remarks }: ReadFile, logger: Logger): void {
  const { lost, otherCasing, unknownTypes } = remarks;
  const file = displayPath(join(stateDir, name));
  if (damage !== null) {
    const rest = lost > 0 ? `about ${lost} records could not be read` : 'all of its records could be read, it seems';
    logger.warn({ file, lost }, `${file} is damaged (${damage}): ${rest}`);
  }
  if (otherCasing > 0) {
    logger.warn(
      { file, otherCasing },
      `${otherCasing} tests of ${file} have a test_type in other casing; it was taken`,
    );
  }
  if (unknownTypes > 0) {
    const message = `${unknownTypes} tests of ${file} have a test_type that is none of the three; they are asked about again`;
    logger.warn({ file, unknownTypes }, message);
  }
}
