import { runProcess } from '@inventory/runtime';
import { Command } from 'commander';
import { auditCommand } from './audit/audit-command.ts';
import type { CommandContext } from './command-context.ts';
import { demoCommand } from './demo/demo-command.ts';
import { doctorCommand } from './doctor/doctor-command.ts';
import { explainCommand } from './explain/explain-command.ts';
import { forgetCommand } from './forget/forget-command.ts';
import { planCommand } from './plan/plan-command.ts';
import { reclassifyCommand } from './reclassify/reclassify-command.ts';
import { retryCommand } from './retry/retry-command.ts';
import { startCommand } from './start/start-command.ts';
import { statusCommand } from './status/status-command.ts';
import { tokenCommand } from './token/token-command.ts';
import { verifyCommand } from './verify/verify-command.ts';

const commands: readonly ((context: CommandContext) => Command)[] = [
  startCommand,
  demoCommand,
  planCommand,
  statusCommand,
  explainCommand,
  retryCommand,
  forgetCommand,
  reclassifyCommand,
  auditCommand,
  verifyCommand,
  tokenCommand,
  doctorCommand,
];

await runProcess((signal, end) => {
  const program = new Command('npm run').usage('COMMAND -- [options]').description('What is in a UserTesting account.');
  program.helpCommand(false).configureHelp({ subcommandTerm: (command) => command.name() });
  for (const create of commands) {
    const command = create({ signal, end });
    program.addCommand(command.usage(`-- ${command.usage()}`));
  }
  return program;
});
