import type { WorkCounts } from '@inventory/metrics';
import { ApiError, type ResultsClient, TransientError } from '@inventory/usertesting';

/** A client that asks as the given one does, and counts each request with its status and its duration. */
export function countedResults(results: ResultsClient, counts: WorkCounts): ResultsClient {
  return {
    async ask(probe, target, token, signal) {
      const startedAt = performance.now();
      const ended = (status: number | string): void => {
        counts.requestEnded({ probe, status, ms: performance.now() - startedAt });
      };
      try {
        const answer = await results.ask(probe, target, token, signal);
        ended(answer.outcome === 'present' ? 200 : 404);
        return answer;
      } catch (error) {
        if (error instanceof ApiError && wasSent(error)) ended(error.status ?? error.type);
        throw error;
      }
    },
    close: () => results.close(),
  };
}

/** An id that fits into no address is refused before anything is sent. */
function wasSent(error: ApiError): boolean {
  return error.status !== null || error instanceof TransientError;
}
