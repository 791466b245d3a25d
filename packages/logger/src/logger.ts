import { type Logger as PinoLogger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { printable, printableJson, printableLines } from './printable.ts';
import { type SecretRegistry, withTexts } from './secrets.ts';
import { fitted, type Output } from './wrapped.ts';

export type Logger = PinoLogger;

/** A line of the log for people: `classified (test: 5f0c…, category: survey)`. */
function lineText({ level, time, name, pid, msg, ...fields }: Readonly<Record<string, unknown>>): string {
  const text = (value: unknown): string => printable(typeof value === 'string' ? value : JSON.stringify(value));
  const facts = Object.entries(fields).map(([key, value]) => `${key}: ${text(value)}`);
  return [msg, ...(facts.length === 0 ? [] : [`(${facts.join(', ')})`])].join(' ');
}

/** Where lines of a log go; often a terminal. */
export interface LogSink extends Output {
  hasColors?(): boolean;
}

interface LoggerOptions {
  /** Name of the process, on every line. */
  readonly name: string;
  /** A pino level, or `silent`. */
  readonly level: string;
  /** `pretty`, `json`, or empty: pretty on a terminal. */
  readonly format: 'pretty' | 'json' | '';
  /** Replaces secrets in every line. */
  readonly secrets: SecretRegistry;
  /** Where lines go: stderr, so that stdout stays for results. */
  readonly sink?: LogSink;
}

/** A pino logger to stderr that never writes a registered secret. */
export function createLogger({ name, level, format, secrets, sink = process.stderr }: LoggerOptions): Logger {
  const pretty = format === 'pretty' || (format === '' && sink.isTTY === true);
  const render = pretty
    ? prettyFactory({
        // Node checks the kind of terminal and NO_COLOR.
        colorize: sink.isTTY === true && sink.hasColors?.() === true,
        ignore: 'pid,name',
        translateTime: 'SYS:HH:MM:ss',
        hideObject: true,
        messageFormat: lineText,
      })
    : (line: string) => line;
  const write = (line: string): void => {
    // As a value, because a secret of digits may be a part of some number in the text.
    const clean = secrets.cleanValue(JSON.parse(line));
    const text = pretty ? JSON.stringify(withTexts(clean, printableLines)) : printableJson(JSON.stringify(clean));
    const shown = render(`${text}\n`);
    sink.write(pretty ? fitted(shown, sink) : shown);
  };
  return pino(
    {
      level,
      base: { name, pid: process.pid },
      // Words and ISO 8601, as people and log collectors read them.
      formatters: { level: (word) => ({ level: word }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    { write },
  );
}
