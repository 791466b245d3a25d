import { readFileSync } from 'node:fs';
import { commandLine, isInstalled, programName } from '@inventory/logger';
import { runProcess } from '@inventory/runtime';
import { Command } from 'commander';
import { commands } from './commands.ts';

// Beside the folder of the built program.
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const [name, beforeOptions] = isInstalled() ? [programName, ''] : ['npm run', '-- '];
const chosen = process.argv[2] ?? '';
const needed = Object.entries(commands).filter(([word]) => word === chosen || chosen === 'completion');
const loaded = new Map(await Promise.all(needed.map(async ([word, { load }]) => [word, await load()] as const)));

await runProcess((context) => {
  const program = new Command(name)
    .usage(`COMMAND ${beforeOptions}[options]`)
    .description('What is in a UserTesting account.')
    .version(version, '--version', 'show the version')
    .helpCommand(false)
    .configureHelp({ subcommandTerm: (command) => command.name() });
  for (const [word, { summary, example }] of Object.entries(commands)) {
    const command = loaded.get(word)?.(context) ?? new Command(word);
    command.summary(summary).usage(`${beforeOptions}${command.usage()}`);
    program.addCommand(command.addHelpText('after', `\nExample: ${commandLine(word, example)}`));
  }
  return program;
});
