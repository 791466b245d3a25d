export { aborted } from './aborted.ts';
export { type ExitCode, exitCode, exitCodeOf } from './exit-code.ts';
export { type Account, openAccount } from './open-account.ts';
export { type Listing, openListing } from './open-listing.ts';
export { openRuntime, type Runtime } from './open-runtime.ts';
export { runProcess } from './run-process.ts';
export { tryCredentials } from './try-credentials.ts';
export { UsageError, unknownWorkspaces } from './usage-error.ts';
