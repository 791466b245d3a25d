import type { Fault } from './faults.ts';
import { seededUuid } from './library/seeded.ts';

/** Trouble to look at, as the command line asks for it. */
export interface Trouble {
  readonly errors: boolean;
  readonly outage: boolean;
}

/** One test in so many is refused, but never more than `mostRefused`. */
const refusedEvery = 50;
const mostRefused = 20;
const failedShare = 0.02;
/** The outage begins after so many requests, and ends after so many more: five in a row, and three single ones later. */
const outage = { skip: 30, count: 8 };

/** The faults that make the trouble in a generated library. */
export function troubleFaults(
  { errors, outage: away }: Trouble,
  { seed, tests }: { readonly seed: number; readonly tests: number },
): Fault[] {
  const refused = Array.from({ length: refusedTests(tests) }, (_, index): Fault => {
    const testUuid = seededUuid('test', seed, index * refusedEvery);
    return { kind: 'status', status: 400, endpoint: 'results', testUuid, count: 1 };
  });
  const failed: Fault = { kind: 'status', status: 500, endpoint: 'results', probability: failedShare };
  return [
    ...(errors ? [...refused, failed] : []),
    ...(away ? [{ kind: 'reset', endpoint: 'results', ...outage } as const] : []),
  ];
}

/** What will happen, for people. @param retry the command that asks again about tests with errors */
export function troubleWords(
  { errors, outage: away }: Trouble,
  { tests, retry }: { readonly tests: number; readonly retry: string },
): string[] {
  const refused = refusedTests(tests);
  return [
    ...(errors
      ? [
          `${refused} ${refused === 1 ? 'test is' : 'tests are'} refused once (400): errors.json has them, ${retry} ` +
            'asks again.',
          `${failedShare * 100} % of the requests fail (500), and are sent again.`,
        ]
      : []),
    ...(away ? [`After ${outage.skip} requests the Results API does not answer for about a minute.`] : []),
  ];
}

function refusedTests(tests: number): number {
  return Math.min(mostRefused, Math.ceil(tests / refusedEvery));
}
