/**
 * Writes texts to a stream, each when the one before has been taken. A reader that has closed its end (`| head`) has
 * what it wants: then the rest is not made.
 * @throws any other error of the stream
 */
export async function printTexts(stream: NodeJS.WritableStream, texts: AsyncIterable<string>): Promise<void> {
  try {
    for await (const text of texts) await write(stream, text);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
  }
}

function write(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
