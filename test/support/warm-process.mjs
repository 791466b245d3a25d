// A process that runs the program several times, one run after the other, each with its own arguments and environment.
// Loading the modules is most of the work of a short run; here they are loaded once. A run is asked for by a message with
// `main`, `args` and `env`; its end is a NUL on stdout and on stderr, and a message with the exit code.
import { pathToFileURL } from 'node:url';

const reallyExit = process.exit.bind(process);
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
let runs = 0;

/** Ends the run. One that is cut short by a second signal or an unexpected error ends with its process. */
function end(code) {
  if (code === 130 || process.exit === reallyExit) reallyExit(code);
  for (const name of [...signals, 'uncaughtException']) process.removeAllListeners(name);
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error');
    stream.write('\0');
  }
  process.send({ code: code ?? process.exitCode ?? 0 });
}

process.on('disconnect', () => reallyExit(1));
process.on('message', ({ main, args, env }) => {
  process.argv = [process.argv[0], main, ...args];
  process.env = env;
  process.exitCode = undefined;
  process.exit = end;
  process.on('uncaughtException', () => {
    process.exit = reallyExit;
  });
  runs += 1;
  void import(`${pathToFileURL(main).href}?run=${runs}`);
});
