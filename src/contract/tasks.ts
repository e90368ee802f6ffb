import { digestOf } from '../harness/digest.js';
import type { Contract } from './types.js';

/** @throws RangeError when the contract has no such task: a mistake of the caller, not of a person. */
export function taskDigestOf(contract: Contract, name: string): string {
  const task = contract.tasks.find((known) => known.name === name);
  if (!task) throw new RangeError(`the contract has no task ${name}`);
  return task.digest;
}

/** Names and digests of some tasks, sorted by name: their digest is what uses of a split are counted under. */
export function splitTasks(
  contract: Pick<Contract, 'tasks'>,
  names: readonly string[],
): { name: string; digest: string }[] {
  const wanted = new Set(names);
  return contract.tasks
    .filter(({ name }) => wanted.has(name))
    .map(({ name, digest }) => ({ name, digest }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function splitDigest(contract: Pick<Contract, 'tasks'>, names: readonly string[]): string {
  return digestOf(splitTasks(contract, names));
}
