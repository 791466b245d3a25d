/** Why the board cannot listen, and what to do. */
export function explainListenError(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `BOARD_PORT ${port} on ${host} is in use already: choose another, or 0 for a free one.`;
    case 'EACCES':
      return `BOARD_PORT ${port} needs more rights: choose one above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `BOARD_HOST ${host} is no address of this machine.`;
    default:
      return `The board cannot listen on ${host}, port ${port} (${String(code)}).`;
  }
}
