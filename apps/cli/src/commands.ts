import { commandLine, print } from '@inventory/logger';
import type { CommandContext } from '@inventory/runtime';
import type { Command } from 'commander';

interface CommandEntry {
  /** What it is for, in the list of commands. */
  readonly summary: string;
  /** Arguments and options of an example, at the end of its help. */
  readonly example: string;
  /** Loads its module: only that of the command that runs is needed, and loading takes most of a start. */
  readonly load: () => Promise<(context: CommandContext) => Command>;
}

export const commands: Readonly<Record<string, CommandEntry>> = {
  start: {
    summary: 'the whole job; can be interrupted and started again',
    example: '--workspace Checkout "Mobile app"',
    load: async () => (await import('./start/start.ts')).startCommand,
  },
  demo: {
    summary: 'the whole system against a simulated account',
    example: '',
    load: async () => (await import('./demo.ts')).demoCommand,
  },
  board: {
    summary: 'the inventory in the browser',
    example: '',
    load: async () => (await import('@inventory/board')).boardCommand,
  },
  plan: {
    summary: 'what a run would do, and how long it would take',
    example: '--all',
    load: async () => (await import('./plan/plan.ts')).planCommand,
  },
  status: {
    summary: 'tests by type, progress, workers, limits, errors',
    example: '',
    load: async () => (await import('./status.ts')).statusCommand,
  },
  explain: {
    summary: 'why a test has its type',
    example: '5f0c1e2a',
    load: async () => (await import('./explain.ts')).explainCommand,
  },
  retry: {
    summary: 'enqueues again the tests that ended in errors',
    example: '',
    load: async () => (await import('./retry.ts')).retryCommand,
  },
  forget: {
    summary: 'removes tests, so that the next run classifies them again',
    example: '5f0c1e2a-0000-4000-8000-000000000000',
    load: async () => (await import('./forget.ts')).forgetCommand,
  },
  reclassify: {
    summary: 're-evaluates stored answers with another rule set',
    example: '--rules media-matrix --dry-run',
    load: async () => (await import('./reclassify.ts')).reclassifyCommand,
  },
  audit: {
    summary: 'probes a sample of the types that the listing declared',
    example: '--sample 50',
    load: async () => (await import('./audit/audit.ts')).auditCommand,
  },
  verify: {
    summary: 'checks the state files',
    example: '',
    load: async () => (await import('./verify.ts')).verifyCommand,
  },
  token: {
    summary: 'gets an access token',
    example: '--force',
    load: async () => (await import('./token.ts')).tokenCommand,
  },
  doctor: {
    summary: 'checks settings, clock, credentials, Redis, folders',
    example: '',
    load: async () => (await import('./doctor/doctor.ts')).doctorCommand,
  },
  producer: {
    summary: 'lists workspaces and tests, and enqueues them',
    example: '--all --schedule "0 2 * * *"',
    load: async () => (await import('@inventory/producer')).producerCommand,
  },
  worker: {
    summary: 'classifies enqueued tests',
    example: '',
    load: async () => (await import('@inventory/worker')).workerCommand,
  },
  exporter: {
    summary: 'writes the state files, or a table of all tests',
    example: '--format csv --type survey --out surveys.csv',
    load: async () => (await import('@inventory/exporter')).exporterCommand,
  },
  tap: {
    summary: 'prints the inventory as Singer messages, for pipelines',
    example: '--state state.json',
    load: async () => (await import('@inventory/exporter')).tapCommand,
  },
  mcp: {
    summary: 'lets an AI assistant look into the inventory (MCP)',
    example: '',
    load: async () => (await import('./mcp/mcp.ts')).mcpCommand,
  },
  sandbox: {
    summary: 'a simulated UserTesting API to try things on',
    example: '--tests 1000 --interval-ms 200 --errors',
    load: async () => {
      const { sandboxCommand } = await import('@inventory/sandbox');
      // It knows nothing of the packages.
      return (context) => sandboxCommand({ ...context, commandLine, print });
    },
  },
  completion: {
    summary: 'a script with which bash or zsh completes commands',
    example: 'bash',
    load: async () => (await import('./completion.ts')).completionCommand,
  },
};
