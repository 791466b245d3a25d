import { expect, test } from 'vitest';
import { neededPackages } from './fetch-debian-server.ts';

test('of what an installation would add, the server and its libraries are needed, but never a C library', () => {
  const simulation = [
    'NOTE: This is only a simulation!',
    'Inst libjemalloc2 (5.3.0-1 Debian:12.11/stable [amd64])',
    'Inst libc6 [2.36-9] (2.36-10 Debian:12.11/stable [amd64])',
    'Inst libc-bin (2.36-10 Debian:12.11/stable [amd64])',
    'Inst libssl3 [3.0.15] (3.0.16 Debian:12.11/stable [amd64])',
    'Inst adduser (3.134 Debian:12.11/stable [all])',
    'Inst redis-tools (5:7.0.15 Debian-Security:12/stable [amd64])',
    'Inst redis-server (5:7.0.15 Debian-Security:12/stable [amd64])',
    'Conf libjemalloc2 (5.3.0-1 Debian:12.11/stable [amd64])',
  ].join('\n');
  expect(neededPackages(simulation)).toEqual(['libjemalloc2', 'libssl3', 'redis-tools', 'redis-server']);
});
