/** A text is not the JSON that it should be; the message says why. */
export class NotJsonError extends Error {
  override readonly name = 'NotJsonError';

  constructor(why = 'it is not JSON, or cut off') {
    super(why);
  }
}
