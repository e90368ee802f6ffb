/** Going back to an earlier version. */
import { randomUUID } from 'node:crypto';
import { RegistryError } from './error.js';
import type { LedgerEntry, Registry } from './types.js';

export interface RollbackRequest {
  ref: string;
  /** Ref, digest or prefix of the version to go back to. */
  to: string;
  actor: string;
  reason: string;
}

/**
 * Moves a ref back to a version that the registry has, as an entry of its own: nothing is deleted.
 *
 * @throws {RegistryError} when ref or version is unknown, the ref stands there already, or somebody moves it meanwhile.
 */
export async function rollback(registry: Registry, request: RollbackRequest): Promise<LedgerEntry> {
  const { ref, to, actor, reason } = request;
  const refs = await registry.refs();
  const current = refs[ref];
  if (current === undefined) {
    const known = Object.keys(refs).sort().join(', ') || 'none';
    throw new RegistryError(
      'not-found',
      `There is no ref ${JSON.stringify(ref)} to roll back. Refs: ${known}.`,
    );
  }
  const harness = await registry.resolve(to);
  if (harness === current) {
    throw new RegistryError(
      'conflict',
      `${ref} stands at ${harness} already, so there is nothing to roll back.`,
    );
  }
  // It must be whole before anybody is sent back to it.
  await registry.getVersion(harness);
  return registry.record(
    {
      id: `rollback/${randomUUID()}`,
      at: new Date().toISOString(),
      actor,
      action: 'rollback',
      harness,
      parent: current,
      ref,
      reason,
      evidence: {},
      evolution: null,
      round: null,
    },
    { expectedRef: current },
  );
}
