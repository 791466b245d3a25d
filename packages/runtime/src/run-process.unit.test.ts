import { SettingsError } from '@inventory/config';
import { Command } from 'commander';
import { describe, expect, it, test } from 'vitest';
import { exitCode, exitCodeOf, refuseSwallowedOptions, UsageError, withNpmsJson } from './run-process.ts';

function command(): Command {
  return new Command('table')
    .argument('[uuid...]')
    .option('--dry-run')
    .option('--format <format>')
    .option('--type <type>')
    .option('--workspace-uuid <uuid...>');
}

function refusal(args: readonly string[], options: Readonly<Record<string, string>>, script = 'table'): string {
  try {
    refuseSwallowedOptions(command(), args, { script, options: new Map(Object.entries(options)) });
    return '';
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

describe('options that npm has kept for itself', () => {
  it.each([
    [['--type', 'survey'], { dryrun: 'true' }, 'npm run table -- --dry-run --type survey'],
    [['csv', '--dry-run'], { format: 'true' }, 'npm run table -- --format csv --dry-run'],
    [[], { format: 'csv' }, 'npm run table -- --format csv'],
    [[], { format: 'true' }, 'npm run table -- --format <format>'],
    [['csv', 'survey'], { format: 'true', type: 'true' }, 'npm run table -- --format <format> --type <type>'],
    [['a', 'b'], { workspaceuuid: 'true\n\ntrue' }, 'npm run table -- --workspace-uuid a b'],
    [[], { workspaceuuid: 'a\n\nb' }, 'npm run table -- --workspace-uuid a b'],
    [["it's"], { dryrun: 'true' }, "npm run table -- --dry-run 'it'\\''s'"],
  ])('%j with %j: the right line is named', (args, options, line) => {
    expect(refusal(args, options)).toContain(`\n  ${line}\n`);
    expect(refusal(args, options)).toContain('.npmrc');
  });

  it('the password of an address is not repeated', () => {
    const said = refusal([], { type: 'postgres://me:hidden@host/db' });
    expect(said).toContain('--type postgres://me:PASSWORD@host/db');
    expect(said).not.toContain('hidden');
  });

  it('npm start is named as it is written', () => {
    expect(refusal([], { dryrun: 'true' }, 'start')).toContain('\n  npm start -- --dry-run\n');
  });

  it('an option that stands after the --, others of npm, and no npm at all are no reason', () => {
    expect(refusal(['--dry-run', '--format=csv'], { dryrun: 'true', format: 'x', loglevel: 'silent' })).toBe('');
    expect(() => refuseSwallowedOptions(command(), [], null)).not.toThrow();
  });

  it('--json is taken, wherever it comes from, by a command that has it', () => {
    const program = new Command('npm run').addCommand(new Command('status').option('--json')).addCommand(command());
    const [status = program, table = program] = program.commands;
    const npm = { script: 'status', options: new Map([['json', 'true']]) };
    expect(() => refuseSwallowedOptions(status, ['status'], npm)).not.toThrow();
    expect(withNpmsJson(status, ['status', 'a'], npm)).toEqual(['status', '--json', 'a']);
    expect(withNpmsJson(status, ['status', 'a'], null)).toEqual(['status', 'a']);
    expect(withNpmsJson(table, ['table', 'a'], npm)).toEqual(['table', 'a']);
  });

  it('of a program with several commands, only the options of the one that runs count', () => {
    const program = new Command('npm run').addCommand(command()).addCommand(new Command('other').option('--json'));
    const [table] = program.commands;
    const npm = { script: 'table', options: new Map([['json', 'true']]) };
    if (table !== undefined) refuseSwallowedOptions(table, ['table', 'u'], npm);
    expect(() =>
      refuseSwallowedOptions(table ?? program, ['table', 'u'], { ...npm, options: new Map([['dryrun', 'true']]) }),
    ).toThrow('npm run table -- --dry-run u');
  });
});

test('an error that ends a process says its exit code itself', () => {
  expect(exitCodeOf(new SettingsError(['X is missing']))).toBe(exitCode.usage);
  expect(exitCodeOf(Object.assign(new Error('refused'), { exitCode: 3 }))).toBe(exitCode.authentication);
  expect(exitCodeOf(Object.assign(new Error('told to end'), { exitCode: 130 }))).toBe(exitCode.interrupted);
});

test('any other error ends a process with 1', () => {
  expect(exitCodeOf(new Error('no'))).toBe(exitCode.partial);
  expect(exitCodeOf('thrown')).toBe(exitCode.partial);
  expect(exitCodeOf(Object.assign(new Error('a child process'), { exitCode: 0 }))).toBe(exitCode.partial);
});
