import { BaseSequencer, type TestSpecification } from 'vitest/node';

const projects = ['system', 'integration', 'unit'];
/** They take longest; the two that take most CPU are apart. */
const longest = [
  ...[
    'lost-keys',
    'board-page-run',
    'redis-failures',
    'aof-cuts',
    'chaos/chaos',
    'outages',
    'api-failures',
    'controls',
  ],
  ...['open-redis', 'state-files/src/write', 'redis-away', 'table', 'worker'],
];

/**
 * One project after the other, so that files can share their modules and processes; the longest files first, so that
 * none is alone in the end.
 */
export class Sequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ project, moduleId }: TestSpecification): number => {
      const name = longest.findIndex((each) => moduleId.endsWith(`/${each}.${project.name}.test.ts`));
      return projects.indexOf(project.name) * 100 + (name === -1 ? longest.length : name);
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
