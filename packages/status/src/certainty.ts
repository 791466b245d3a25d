import type { Totals } from '@inventory/checkpoints';
import type { Certainty } from '@inventory/classification';
import { commandLine } from '@inventory/logger/command-line';

/** What to check when the Results API answers 404 for everything. */
export const checkTheWay =
  'check API_BASE_URL, the access of the account to the Results API, and any gateway or proxy in between';

const reasons: Readonly<Record<Certainty, string | null>> = {
  final: null,
  provisional: 'it rests on absent data of a session that had just finished',
  unconfirmed: `the Results API has answered 404 for every test so far; ${checkTheWay}`,
};

/** Why a verdict is not final, as a clause; null if it is. @param certainty null without a verdict */
export function certaintySays(certainty: Certainty | null): string | null {
  return certainty && reasons[certainty];
}

/** The lines at the end of a run about verdicts that are not final; none if all are. */
export function weakVerdictLines({ provisional, unconfirmed }: Pick<Totals, 'provisional' | 'unconfirmed'>): string[] {
  const are = (count: number): string => (count === 1 ? 'verdict is' : 'verdicts are');
  return [
    ...(provisional > 0
      ? [
          `[INFO] ${provisional} ${are(provisional)} provisional: data of a session that had just finished was absent; ` +
            `a later run asks for it once more (${commandLine('status')} says from when).`,
        ]
      : []),
    ...(unconfirmed > 0
      ? [
          `[WARN] every test was answered 404 by the Results API: ${checkTheWay}; ` +
            `${unconfirmed} ClassicUT ${are(unconfirmed)} unconfirmed (${commandLine('explain')}).`,
        ]
      : []),
  ];
}
