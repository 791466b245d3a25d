import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from './temporary-folder.ts';

/** Paths of PEM files. */
export interface Certificates {
  /** The private authority that signed the certificate. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Makes an authority of its own and a certificate of this machine's loopback address and of api.test; both are gone after the test. */
export async function makeCertificates(afterTest: (work: () => Promise<void>) => void): Promise<Certificates> {
  const folder = await temporaryFolder(afterTest);
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]) => promisify(execFile)('openssl', args);
  const authority = ['-subj', '/CN=test authority', '-days', '2', '-keyout', file('ca.key'), '-out', file('ca.pem')];
  await openssl('req', '-x509', ...newKey, ...authority);
  const request = ['-subj', '/CN=localhost', '-keyout', file('server.key'), '-out', file('server.csr')];
  await openssl('req', '-new', ...newKey, ...request);
  await writeFile(file('names'), 'subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:api.test\n');
  const signed = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '2'];
  await openssl(
    ...['x509', '-req', '-in', file('server.csr'), ...signed],
    ...['-extfile', file('names'), '-out', file('server.pem')],
  );
  return { authority: file('ca.pem'), certificate: file('server.pem'), key: file('server.key') };
}
