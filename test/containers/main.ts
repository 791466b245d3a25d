// npm run test:containers: the real Dockerfile and docker-compose.yml, with failures. Not part of npm test.
import { fileURLToPath } from 'node:url';
import { Checklist } from './checklist.ts';
import { findEngine, NoEngineError } from './engine.ts';
import { runThrough } from './run-through.ts';
import { prepareSystem, type System } from './system.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

process.exitCode = await main();

/** @returns 0 when all holds, 1 when something does not, 2 for wrong usage or when nothing can be run here */
async function main(): Promise<number> {
  const [argument] = process.argv.slice(2);
  if (argument !== undefined) {
    process.stderr.write('Usage: npm run test:containers      It takes no options (docs/deploy.md).\n');
    return argument === '--help' ? 0 : 2;
  }
  const list = new Checklist();
  let system: System | null = null;
  try {
    const engine = await findEngine();
    list.note(`with ${engine.name}`);
    system = await prepareSystem(engine, root);
    await runThrough(system, root, list);
  } catch (error) {
    if (error instanceof NoEngineError) {
      process.stderr.write(`${error.message}\n`);
      return 2;
    }
    list.expect('the test comes to its end', false, error instanceof Error ? error.message : String(error));
  }
  if (system !== null && !list.clean)
    process.stdout.write(`${(await system.compose('logs', '--tail', '30')).stdout}\n`);
  await system?.remove();
  process.stdout.write(`${list.summary()}\n`);
  return list.clean ? 0 : 1;
}
