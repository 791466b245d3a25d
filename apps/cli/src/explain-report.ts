import type { ListingRecord, TestRecord, WorkspaceRecord } from '@inventory/checkpoints';
import { type Answer, type ProbeName, platformOf, testTypeOf } from '@inventory/classification';
import { commandLine } from '@inventory/logger';
import { certaintySays, endpointNames, knownAnswers, ruleSays } from '@inventory/status';
import { clockTime, isoTime } from '@inventory/status/words';
import { labelled } from './command.ts';

const probes = Object.keys(endpointNames) as readonly ProbeName[];

/** Why a test has its type, for people. @param workspace the test's workspace; null when it is not known */
export function explainLines(record: TestRecord, workspace: WorkspaceRecord | null): string[] {
  const { uuid, listing, open } = record;
  return [
    `Test ${uuid}`,
    ...(listing === null
      ? labelled('', ['not in any listing so far'])
      : [
          ...labelled('Title', [listing.title ?? '(none)']),
          ...labelled('Workspace', [`${workspace?.name ?? 'Unknown'} (${listing.workspace})`]),
          ...labelled('Ordered', listing.orderedAt === undefined ? [] : [listing.orderedAt]),
          ...labelled('Listing says', [declaredLine(listing)]),
        ]),
    ...labelled('Verdict', verdictLines(record)),
    ...labelled('Not final', certaintyLines(record)),
    ...labelled('Answers', answerLines(record)),
    ...labelled('Error', errorLines(record)),
    ...labelled('State', [open ? 'in the queue: waits for its next request' : 'not in the queue']),
  ];
}

function declaredLine({ type, productType }: ListingRecord): string {
  if (type === undefined && productType === undefined) return 'nothing about its type';
  return `type ${type ?? '(none)'}, productType ${productType ?? '(none)'}`;
}

function verdictLines({ verdict, open }: TestRecord): string[] {
  if (verdict === null) return [open ? 'none yet' : 'none'];
  const { category, source, rule, at } = verdict;
  const platform = platformOf(category);
  const type = platform === 'ClassicUT' ? '' : `, ${testTypeOf(category) ?? category}`;
  return [`${platform}${type}`, `${source} on ${clockTime(at, 0)}, by the rule ${rule}:`, ruleSays(verdict)];
}

function certaintyLines({ verdict, certainty }: TestRecord): string[] {
  const why = certaintySays(certainty);
  if (certainty === null || why === null) return [];
  const until = verdict?.provisionalUntil;
  const again = until === undefined ? '' : `; probed again by the first run after ${clockTime(until, 0)}`;
  return [`${certainty}: ${why}${again}`];
}

function answerLines({ evidence }: TestRecord): string[] {
  const known = probes.flatMap((probe) => {
    const answer = evidence[probe];
    return answer === undefined ? [] : [`${endpointNames[probe]} said ${said(answer)} on ${clockTime(answer.at, 0)}`];
  });
  return known.length > 0 ? known : ['none: no request was answered with 200 or 404'];
}

function said({ outcome, sessionId }: Answer): string {
  if (outcome === 'absent') return '404';
  return sessionId === null ? '200 without sessions' : '200';
}

function errorLines({ uuid, error, open }: TestRecord): string[] {
  if (error === null) return [];
  const tries = `${error.attempts} ${error.attempts === 1 ? 'try' : 'tries'}`;
  return [
    `[WARN] ${error.type} on ${clockTime(error.at, 0)}, after ${tries}: ${error.error}`,
    ...(open ? [] : [`to try again: ${commandLine('retry', uuid)}`]),
  ];
}

/** Why a test has its type, for machines; times are ISO 8601 in UTC. */
export function explainJson(record: TestRecord, workspace: WorkspaceRecord | null): object {
  const { uuid, listing, verdict, certainty, evidence, error, open } = record;
  return {
    test_uuid: uuid,
    title: listing?.title ?? null,
    workspace_uuid: listing?.workspace ?? null,
    workspace_name: workspace?.name ?? null,
    ordered_at: listing?.orderedAt ?? null,
    declared: { type: listing?.type ?? null, product_type: listing?.productType ?? null },
    verdict: verdict && {
      category: verdict.category,
      rule: verdict.rule,
      source: verdict.source,
      platform: platformOf(verdict.category),
      test_type: testTypeOf(verdict.category) ?? null,
      classified_at: isoTime(verdict.at),
      because: ruleSays(verdict),
    },
    certainty,
    provisional_until: isoTime(verdict?.provisionalUntil),
    answers: knownAnswers(evidence),
    error: error && { ...error, at: isoTime(error.at) },
    queued: open,
  };
}
