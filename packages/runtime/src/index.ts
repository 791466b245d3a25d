export {
  type Account,
  openAccount,
  openListing,
  openQueue,
  resumeNotice,
  saveToken,
  tryCredentials,
} from './account.ts';
export { findWorkspaces, knownWorkspaces } from './find-workspaces.ts';
export { type CommandContext, type ExitCode, exitCode, exitCodeOf, runProcess, UsageError } from './run-process.ts';

export { aborted, openRuntime, type Runtime } from './runtime.ts';
