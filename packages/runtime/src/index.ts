export {
  type Account,
  findWorkspaces,
  knownWorkspaces,
  openAccount,
  openListing,
  openQueue,
  resumeNotice,
  saveToken,
  tryCredentials,
} from './account.ts';
export { type CommandContext, type ExitCode, exitCode, exitCodeOf, runProcess, UsageError } from './run-process.ts';

export { aborted, openRuntime, type Runtime } from './runtime.ts';
