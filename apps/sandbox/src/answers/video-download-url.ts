import type { Library } from '../library/library.ts';
import { isUuid } from '../library/seeded-uuid.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { errorAnswer } from './error-answer.ts';

/** The address of a session's video, which holds `video-marker-<session>`. `nowMs` is the wall clock, epoch ms. */
export function videoDownloadUrl(library: Library, sessionId: string, nowMs: number): Answer {
  if (!isUuid(sessionId)) return errorAnswer('videoDownloadUrl', 400, 'sessionId must be a UUID');
  if (!library.session(sessionId)?.test.offers.video) return errorAnswer('videoDownloadUrl', 404);
  const videoUrl = `https://videos.example.com/video-marker-${sessionId}.mp4?signature=video-marker-${sessionId}`;
  return jsonAnswer(200, { videoUrl, sessionId, expiresAt: new Date(nowMs + 3_600_000).toISOString() });
}
