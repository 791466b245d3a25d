import { type Engine, mustRun, run } from './engine.ts';

/** There is nothing here that could run containers. */
export class NoEngineError extends Error {
  override readonly name = 'NoEngineError';

  constructor() {
    super(
      'This test needs a Docker engine with "docker compose". On Debian as root it also runs without one: name a script ' +
        'that sets up podman with CONTAINER_LAB=/path/to/script (it takes "up", "compose ARGS" and "docker ARGS").',
    );
  }
}

/** The Docker engine of this machine, or the script that `CONTAINER_LAB` names, made ready. @throws NoEngineError */
export async function findEngine(env: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  const [engine, compose] = await Promise.all([run(['docker', 'info']), run(['docker', 'compose', 'version'])]);
  if (engine.code === 0 && compose.code === 0) {
    return { name: compose.stdout, compose: ['docker', 'compose'], docker: ['docker'] };
  }
  const lab = env['CONTAINER_LAB'];
  if (lab === undefined || lab === '' || process.getuid?.() !== 0) throw new NoEngineError();
  await mustRun([lab, 'up']);
  const version = await mustRun([lab, 'compose', 'version', '--short']);
  return { name: `docker-compose ${version} of CONTAINER_LAB`, compose: [lab, 'compose'], docker: [lab, 'docker'] };
}
