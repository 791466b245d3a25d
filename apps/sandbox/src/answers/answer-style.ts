/** Where the tutorial and the reference show different forms, which of them the sandbox uses. */
export interface AnswerStyle {
  /** Shows `type` and `productType` in listings. */
  readonly metadata: boolean;
  /** `{studies: […]}` as in the tutorial, or the bare array of the reference. */
  readonly listing: 'object' | 'array';
  /** Session status `completed` and `testId` in each session (tutorial), or `COMPLETE` and one `testId` above (reference). */
  readonly sessions: 'tutorial' | 'reference';
}
