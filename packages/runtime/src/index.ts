export {
  type Account,
  openAccount,
  openListing,
  openQueue,
  resumeNotice,
  tryCredentials,
} from './account.ts';
export { type ExitCode, exitCode, exitCodeOf, UsageError } from './exit-code.ts';
export { findWorkspaces, knownWorkspaces } from './find-workspaces.ts';
export { type CommandContext, runProcess } from './run-process.ts';

export { aborted, openRuntime, type Runtime } from './runtime.ts';
