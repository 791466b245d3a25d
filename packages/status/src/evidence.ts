import type { ListingRecord, TestRecord, Totals, WorkspaceRecord } from '@inventory/checkpoints';
import {
  type Certainty,
  type Evidence,
  findRule,
  type ProbeName,
  type ProbingRules,
  type Verdict,
} from '@inventory/classification';
import { exportRow } from '@inventory/exports';
import { commandLine } from '@inventory/logger/command-line';
import { checkTheWay } from './health.ts';
import { isoTime } from './words.ts';

/** The Results API's names of the probes, in the order in which they are asked. */
export const endpointNames: Readonly<Record<ProbeName, string>> = {
  sessions: 'sessionResults',
  video: 'videoDownloadUrl',
  qx: 'qxScores',
  transcript: 'transcript',
};

const probes = Object.keys(endpointNames) as readonly ProbeName[];

/** What one endpoint of the Results API answered about a test, and when. */
export interface KnownAnswer {
  readonly endpoint: string;
  readonly status: 200 | 404;
  /** Only for the list of sessions: whether it held one. */
  readonly has_sessions?: boolean;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

/** The known answers about a test, in the order of the probes; never a session's id. */
export function knownAnswers(evidence: Evidence): KnownAnswer[] {
  return probes.flatMap((probe) => {
    const answer = evidence[probe];
    if (answer === undefined) return [];
    const { outcome, sessionId, at } = answer;
    return [
      {
        endpoint: endpointNames[probe],
        status: outcome === 'present' ? 200 : 404,
        ...(sessionId === undefined ? {} : { has_sessions: sessionId !== null }),
        at: isoTime(at),
      } satisfies KnownAnswer,
    ];
  });
}

/** Which Results data a test offers; null where that is unknown. */
interface Offers {
  readonly video: boolean | null;
  readonly qx_scores: boolean | null;
  readonly transcript: boolean | null;
}

/** Which Results data a test offers, by the answers: none where the API has no sessions of it. */
function offersOf({ evidence }: Pick<TestRecord, 'evidence'>): Offers {
  const hasNone = evidence.sessions !== undefined && !evidence.sessions.sessionId;
  const offers = (probe: ProbeName): boolean | null => {
    const answer = evidence[probe];
    if (answer !== undefined) return answer.outcome === 'present';
    return hasNone ? false : null;
  };
  return { video: offers('video'), qx_scores: offers('qx'), transcript: offers('transcript') };
}

const answers = { absent: 'said 404', present: 'said 200', 'present without sessions': 'said 200 without sessions' };

/** The rule behind a verdict, as a sentence. */
export function ruleSays({ rule, source, category }: Verdict): string {
  if (source === 'imported') return 'the state files said so when they were imported';
  if (source === 'declared') {
    const [, type = '', productType] = rule.split('-');
    const said = productType === undefined ? `type ${type}` : `type ${type} with productType ${productType}`;
    return `the listing says ${said}: ${category}`;
  }
  const found = findRule(rule);
  if (found === null) return 'a rule that this version does not know';
  const { row, rules, rule: meaning } = found;
  const said = row === null ? `${mediaOf(rules)} all said 404` : `${endpointNames[row.probe]} ${answers[row.says]}`;
  return `${said}: ${category} (${meaning.because})`;
}

function mediaOf({ rows }: ProbingRules): string {
  return rows
    .filter(({ says }) => says === 'present')
    .map(({ probe }) => endpointNames[probe])
    .join(', ');
}

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

/** One test with the evidence for its verdict, for machines: without the session's id and the body of an error. */
export function testDetail(
  record: TestRecord,
  listing: ListingRecord,
  workspaces: ReadonlyMap<string, WorkspaceRecord>,
) {
  const { uuid, verdict, certainty, error, evidence, open } = record;
  return {
    ...exportRow({ uuid, listing, verdict, certainty, error }, workspaces),
    declared: { type: listing.type ?? null, product_type: listing.productType ?? null },
    because: verdict === null ? null : ruleSays(verdict),
    certainty_because: certaintySays(certainty),
    provisional_until: isoTime(verdict?.provisionalUntil),
    answers: knownAnswers(evidence),
    error: error && {
      type: error.type,
      status: error.status,
      error: error.error,
      attempts: error.attempts,
      at: isoTime(error.at),
    },
    queued: open,
    offers: offersOf(record),
  };
}
