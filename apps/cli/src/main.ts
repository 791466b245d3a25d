import { runProcess } from '@inventory/runtime';
import { Command } from 'commander';
import type { CommandContext } from './command.ts';

type CreateCommand = (context: CommandContext) => Command;

/** What each command is for, and its module: only that of the command that runs is loaded, which is most of a start. */
const commands: Readonly<Record<string, readonly [summary: string, load: () => Promise<CreateCommand>]>> = {
  start: [
    'the whole job; can be interrupted and started again',
    async () => (await import('./start/start.ts')).startCommand,
  ],
  demo: ['the whole system against a simulated account', async () => (await import('./demo.ts')).demoCommand],
  plan: ['what a run would do, and how long it would take', async () => (await import('./plan/plan.ts')).planCommand],
  status: ['tests by type, progress, workers, limits, errors', async () => (await import('./status.ts')).statusCommand],
  explain: ['why a test has its type', async () => (await import('./explain.ts')).explainCommand],
  retry: ['enqueues again the tests that ended in errors', async () => (await import('./retry.ts')).retryCommand],
  forget: [
    'removes tests, so that the next run classifies them again',
    async () => (await import('./forget.ts')).forgetCommand,
  ],
  reclassify: [
    're-evaluates stored answers with another rule set',
    async () => (await import('./reclassify.ts')).reclassifyCommand,
  ],
  audit: [
    'probes a sample of the types that the listing declared',
    async () => (await import('./audit/audit.ts')).auditCommand,
  ],
  verify: ['checks the state files', async () => (await import('./verify.ts')).verifyCommand],
  token: ['gets an access token', async () => (await import('./token.ts')).tokenCommand],
  doctor: [
    'checks settings, clock, credentials, Redis, folders',
    async () => (await import('./doctor/doctor.ts')).doctorCommand,
  ],
};

const chosen = process.argv[2] ?? '';
const create = await commands[chosen]?.[1]();

await runProcess((signal, end) => {
  const program = new Command('npm run').usage('COMMAND -- [options]').description('What is in a UserTesting account.');
  program.helpCommand(false).configureHelp({ subcommandTerm: (command) => command.name() });
  for (const [name, [summary]] of Object.entries(commands)) {
    const command = name === chosen && create ? create({ signal, end }) : new Command(name);
    program.addCommand(command.summary(summary).usage(`-- ${command.usage()}`));
  }
  return program;
});
