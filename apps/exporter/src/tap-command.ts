import { readFileSync } from 'node:fs';
import { loadSettings } from '@inventory/config';
import { discoverSinger, selectedColumns, singerCatalog, singerLines, singerState } from '@inventory/exports';
import { codeOf } from '@inventory/files';
import { messageOf } from '@inventory/logger';
import { type CommandContext, type ExitCode, exitCode, openRuntime, UsageError } from '@inventory/runtime';
import { Command } from 'commander';
import { z } from 'zod';
import { printTexts, wholeRows } from './table.ts';

interface TapOptions {
  readonly config?: string;
  readonly state?: string;
  readonly catalog?: string;
  readonly discover?: boolean;
}

/** `npm run tap`: a tap of the Singer specification. */
export function tapCommand({ signal, end }: CommandContext): Command {
  return new Command('tap')
    .description('Prints the inventory as Singer messages, for any Singer or Meltano target. Needs no credentials.')
    .option(
      '-c, --config <file>',
      'JSON object with settings, such as {"redis_url": "…"}; before the environment and .env',
    )
    .option('-s, --state <file>', 'the last STATE value: only tests that may have changed since are sent')
    .option('--catalog <file>', 'which columns are sent; the output of --discover with "selected"')
    .option('-d, --discover', 'print the catalog')
    .action(async (options: TapOptions) => end(await tap(options, signal)));
}

/** Settings in a file for all taps are written in lower case. */
const configForm = z
  .record(z.string(), z.union([z.string(), z.number()]).transform(String))
  .transform((given) => Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toUpperCase(), value])));

async function tap({ config, state, catalog, discover = false }: TapOptions, signal: AbortSignal): Promise<ExitCode> {
  const over = readJson('--config', config, configForm) ?? {};
  const since = readJson('--state', state, singerState);
  const columns = selectedColumns(readJson('--catalog', catalog, singerCatalog));
  const settings = loadSettings({ over });
  if (discover) {
    process.stdout.write(`${JSON.stringify(discoverSinger(), null, 2)}\n`);
    return exitCode.done;
  }
  await using runtime = await openRuntime({ settings, name: 'tap' });
  const { checkpoints } = runtime;
  await runtime.fill();
  await printTexts(singerLines({ read: () => wholeRows({ checkpoints, signal }), state: since, columns }));
  return exitCode.done;
}

/** @throws UsageError when the file of an option is not what it should be */
function readJson<Schema extends z.ZodType>(
  option: string,
  file: string | undefined,
  schema: Schema,
): z.output<Schema> | null {
  if (file === undefined) return null;
  try {
    const text = readFileSync(file, 'utf8').trim();
    // Before the first run of a pipeline there is no state.
    return option === '--state' && text === '' ? null : schema.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    if (codeOf(error) !== 'ENOENT') throw new UsageError(`${option} ${file} cannot be used: ${why}`);
    const first = option === '--state' ? ` Before the first run, make an empty one: touch ${file}` : '';
    throw new UsageError(`${option}: there is no file ${file}.${first}`);
  }
}
