import { z } from 'zod';
import type { Problem } from '../http/parsed-by.ts';

export interface Workspace {
  readonly uuid: string;
  /** Its name, else label, else title, else `Unknown`. */
  readonly name: string;
}

const text = z.string().min(1);
const named = z.object({ uuid: text });
const words = z.object({
  name: text.optional().catch(undefined),
  label: text.optional().catch(undefined),
  title: text.optional().catch(undefined),
});

/** The workspaces of a listing in its order; items without a UUID are skipped. Never throws. */
export function readWorkspaces(json: unknown): readonly Workspace[] | Problem {
  if (!Array.isArray(json)) return { problem: 'the body is not a list of workspaces' };
  const found = new Map<string, Workspace>();
  for (const item of json) {
    const checked = named.safeParse(item);
    if (!checked.success || found.has(checked.data.uuid)) continue;
    const { name, label, title } = words.parse(item);
    found.set(checked.data.uuid, { uuid: checked.data.uuid, name: name ?? label ?? title ?? 'Unknown' });
  }
  return [...found.values()];
}
