import type { Contract } from './types.js';

/** @throws RangeError when the contract has no such task: a mistake of the caller, not of a person. */
export function taskDigestOf(contract: Contract, name: string): string {
  const task = contract.tasks.find((known) => known.name === name);
  if (!task) throw new RangeError(`the contract has no task ${name}`);
  return task.digest;
}
