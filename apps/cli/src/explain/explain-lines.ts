import type { TestRecord, WorkspaceRecord } from '@inventory/checkpoints';
import { type Answer, type ProbeName, platformOf, testTypeOf } from '@inventory/classification';
import { certaintySays, endpointNames, ruleSays } from '@inventory/status';
import { labelled } from '../answer/labelled.ts';
import { clockTime } from '../progress/clock-time.ts';

const probes = Object.keys(endpointNames) as readonly ProbeName[];

/** Why a test is what it is, for people. @param workspace the workspace it belongs to, null when it is not known */
export function explainLines(record: TestRecord, workspace: WorkspaceRecord | null): string[] {
  const { uuid, listing, error } = record;
  return [
    `Test ${uuid}`,
    ...(listing === null
      ? labelled('', ['not in any listing so far'])
      : [
          ...labelled('Title', [listing.title ?? '(none)']),
          ...labelled('Workspace', [`${workspace?.name ?? 'Unknown'} (${listing.workspace})`]),
          ...labelled('Ordered', listing.orderedAt === undefined ? [] : [listing.orderedAt]),
          ...labelled('Listing says', declaredLines(listing)),
        ]),
    ...labelled('Verdict', verdictLines(record)),
    ...labelled('Not final', certaintyLines(record)),
    ...labelled('Answers', answerLines(record)),
    ...(error === null
      ? []
      : labelled('Error', [
          `[WARN] ${error.type} on ${clockTime(error.at, 0)}, after ${error.attempts} ${error.attempts === 1 ? 'try' : 'tries'}: ${error.error}`,
          ...(record.open ? [] : [`to try again: npm run retry -- ${uuid}`]),
        ])),
    ...labelled('State', [record.open ? 'in the queue: waits for its next request' : 'not in the queue']),
  ];
}

function declaredLines({
  type,
  productType,
}: {
  type?: string | undefined;
  productType?: string | undefined;
}): string[] {
  if (type === undefined && productType === undefined) return ['nothing of its type'];
  return [`type ${type ?? '(none)'}, productType ${productType ?? '(none)'}`];
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
  const again = until === undefined ? '' : `; asked once more by the first run after ${clockTime(until, 0)}`;
  return [`${certainty}: ${why}${again}`];
}

function answerLines({ evidence }: TestRecord): string[] {
  const known = probes.flatMap((probe) => {
    const answer = evidence[probe];
    return answer === undefined ? [] : [`${endpointNames[probe]} said ${said(answer)} on ${clockTime(answer.at, 0)}`];
  });
  return known.length > 0 ? known : ['none: no Results API request was answered'];
}

function said({ outcome, sessionId }: Answer): string {
  if (outcome === 'absent') return '404';
  return sessionId === null ? '200 without sessions' : '200';
}
