import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Everything small; times count for nothing. */
  readonly quick: boolean;
  /** Names of the parts to run. */
  readonly only: readonly string[];
  /** Sizes of the libraries of the part `scale`; null for its own. */
  readonly sizes: readonly number[] | null;
}

/** Reads the command line. Wrong usage ends the process with 2, `--help` with 0. */
export function benchOptions(parts: readonly string[]): BenchOptions {
  const usage = `Usage: npm run bench -- [--quick] [--only PART,…] [--sizes N,…]
  --quick       everything small, in under two minutes; ends with 1 only when a result is wrong, never for a time
  --only PART   some of ${parts.join(', ')}; all without it
  --sizes N     sizes of the libraries of the part scale, for example 1000000
`;
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string' },
        sizes: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(usage);
      process.exit(0);
    }
    const only = values.only?.split(',') ?? parts;
    const unknown = only.find((part) => !parts.includes(part));
    if (unknown !== undefined) throw new Error(`There is no part '${unknown}'.`);
    return { quick: values.quick, only, sizes: values.sizes?.split(',').map(readSize) ?? null };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}`);
    process.exit(2);
  }
}

function readSize(text: string): number {
  if (!/^[1-9]\d{1,6}$/.test(text)) throw new Error(`--sizes: '${text}' is no number of tests from 10 to 9999999.`);
  return Number(text);
}
