import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends commands to the Redis on a port of this machine, as they stand. @returns all that it answers */
export async function speakToRedis(port: number, commands: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let answer = '';
  socket.on('data', (text: string) => {
    answer += text;
  });
  socket.write([...commands, 'QUIT', ''].join('\r\n'));
  await once(socket, 'close');
  return answer;
}
