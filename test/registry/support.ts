/** Registries in folders of their own, and entries for them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHarness } from '../../src/harness/parse.js';
import type { Harness } from '../../src/harness/schema.js';
import type { NewEntry } from '../../src/registry/types.js';

const folders: string[] = [];

export async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'registry-'));
  folders.push(dir);
  return dir;
}

export async function removeFolders(): Promise<void> {
  await Promise.all(folders.splice(0).map((dir) => rm(dir, { recursive: true, force: true })));
}

/** Harnesses that differ in their notes alone. */
export function harness(text: string): Harness {
  const parsed = parseHarness({ name: 'test', memory: { notes: { only: text } } }, 'test');
  if (!parsed.ok) throw new Error('the harness of this test is broken');
  return parsed.harness;
}

export function entry(change: Partial<NewEntry> & Pick<NewEntry, 'id' | 'harness'>): NewEntry {
  return {
    at: '2026-11-23T20:00:00.000Z',
    actor: 'test',
    action: 'promotion',
    parent: null,
    ref: 'champion',
    reason: 'it passed',
    evidence: {},
    evolution: 'e',
    round: 1,
    ...change,
  };
}
