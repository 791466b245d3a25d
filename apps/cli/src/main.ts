import { runProcess } from '@inventory/runtime';
import { Command } from 'commander';
import type { CommandContext } from './command.ts';

type CreateCommand = (context: CommandContext) => Command;

const commands: Readonly<Record<string, () => Promise<CreateCommand>>> = {
  start: async () => (await import('./start/start.ts')).startCommand,
  demo: async () => (await import('./demo.ts')).demoCommand,
  plan: async () => (await import('./plan/plan.ts')).planCommand,
  status: async () => (await import('./status.ts')).statusCommand,
  explain: async () => (await import('./explain.ts')).explainCommand,
  retry: async () => (await import('./retry.ts')).retryCommand,
  forget: async () => (await import('./forget.ts')).forgetCommand,
  reclassify: async () => (await import('./reclassify.ts')).reclassifyCommand,
  audit: async () => (await import('./audit/audit.ts')).auditCommand,
  verify: async () => (await import('./verify.ts')).verifyCommand,
  token: async () => (await import('./token.ts')).tokenCommand,
  doctor: async () => (await import('./doctor/doctor.ts')).doctorCommand,
};

// Only the command that runs is loaded; the help and the suggestion for a misspelt word need all of them.
const chosen = Object.entries(commands).filter(([name]) => name === process.argv[2]);
const loading = (chosen.length > 0 ? chosen : Object.entries(commands)).map(([, load]) => load());
const creators = await Promise.all(loading);

await runProcess((signal, end) => {
  const program = new Command('npm run').usage('COMMAND -- [options]').description('What is in a UserTesting account.');
  program.helpCommand(false).configureHelp({ subcommandTerm: (command) => command.name() });
  for (const create of creators) {
    const command = create({ signal, end });
    program.addCommand(command.usage(`-- ${command.usage()}`));
  }
  return program;
});
