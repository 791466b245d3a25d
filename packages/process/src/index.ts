export { type ExitCode, exitCode } from './exit-code.ts';
export { type Account, openAccount } from './open-account.ts';
export { type Home, openHome } from './open-home.ts';
export { runProcess } from './run-process.ts';
export { UsageError } from './usage-error.ts';
