import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf, inStateDir } from '../in-state-dir.ts';
import { StateDirError } from '../state-dir-error.ts';
import { temporaryFileName } from './temporary-file-name.ts';
import { thisProcess } from './this-process.ts';

/**
 * The next contents of a file. They grow in a temporary file of the same folder and take the file's place in one
 * step, so that a reader sees the old file or the new one and nothing else. Every method throws StateDirError.
 */
export class ReplacementFile {
  readonly #path: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  #state: 'open' | 'closed' | 'gone' = 'open';

  private constructor(path: string, temporary: string, handle: FileHandle) {
    this.#path = path;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  /** Begins new contents for a path. The file keeps its mode if it exists. */
  static async begin(path: string): Promise<ReplacementFile> {
    return await inStateDir('written', path, async () => {
      const mode = await modeOf(path);
      const temporary = join(dirname(path), temporaryFileName(basename(path), thisProcess()));
      const handle = await open(temporary, 'wx', mode ?? 0o666);
      const file = new ReplacementFile(path, temporary, handle);
      try {
        if (mode !== null) await handle.chmod(mode);
        return file;
      } catch (error) {
        await file.discard();
        throw error;
      }
    });
  }

  /** Adds text; done when the system has taken it, so that whoever waits never runs ahead of the disk. */
  async write(text: string): Promise<void> {
    this.#hash.update(text);
    await inStateDir('written', this.#path, () => this.#handle.writeFile(text));
  }

  /** Puts everything on the disk. Nothing can be added after. @returns SHA-256 of the contents, in hex */
  async finish(): Promise<string> {
    await inStateDir('written', this.#path, async () => {
      await this.#handle.sync();
      this.#state = 'closed';
      await this.#handle.close();
    });
    return this.#hash.digest('hex');
  }

  /** Takes the place of the file. The folder has to be synced after. */
  async replace(): Promise<void> {
    await inStateDir('written', this.#path, () => rename(this.#temporary, this.#path));
    this.#state = 'gone';
  }

  /** Removes what was written unless it took the file's place. Never throws. */
  async discard(): Promise<void> {
    if (this.#state === 'open') await this.#handle.close().catch(() => undefined);
    if (this.#state !== 'gone') await rm(this.#temporary, { force: true }).catch(() => undefined);
    this.#state = 'gone';
  }
}

async function modeOf(path: string): Promise<number | null> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return found.mode & 0o7777;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
  throw new StateDirError('in the way', `${path} is a folder. Move it away or choose another STATE_DIR.`);
}
