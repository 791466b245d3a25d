/** Answers about a test that are older than this are asked for again, in ms: its sessions may have changed. */
export const evidenceLife = 24 * 3_600_000;
