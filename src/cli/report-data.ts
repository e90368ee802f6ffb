/** Everything that a report is made of: the workflow's answer, the store and the registry of the state folder. */
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { evolutionId, evolutionResult } from '../client/evolutions.js';
import type { Contract } from '../contract/types.js';
import type { Harness } from '../harness/schema.js';
import { targetsOf } from '../mining/evidence.js';
import type { Evidence } from '../mining/types.js';
import type { Proposal } from '../proposal/types.js';
import { createFileRegistry } from '../registry/file.js';
import type { LedgerEntry } from '../registry/types.js';
import type { InvalidTrialLine, ReportSource, RoundSource } from '../report/types.js';
import { createFileStore } from '../store/file.js';
import type { ArtifactStore } from '../store/types.js';
import { invalidTrials } from '../trial/invalid.js';
import type { AblationRecordInput } from '../workflows/ablation-types.js';
import type { EvolutionState, RoundRecordInput, RoundResult } from '../workflows/types.js';
import { CliError } from './errors.js';
import { withOpenings } from './registry.js';
import { typed } from './typed.js';
import { look } from './watch.js';

/** What the workflow says, whether it runs or has ended. */
type Standing = Pick<
  ReportSource,
  'name' | 'status' | 'doing' | 'contractDigest' | 'calibration' | 'final' | 'controls' | 'spend' | 'underWay'
> & { seedHarness: string; champion: string; rounds: RoundResult[] };

export interface ReportPlaces {
  /** The state folder as it was typed, and as a path. */
  state: string;
  stateDir: string;
  registryDir: string;
}

/** @throws {CliError} where there is nothing to report yet, or nobody who could tell. */
export async function loadReportSource(
  client: Client,
  name: string,
  places: ReportPlaces,
): Promise<ReportSource> {
  const standing = await standingOf(client, name, places);
  const store = createFileStore(join(places.stateDir, 'store'));
  const contract = await store.getJson<Contract>({ sha256: standing.contractDigest });
  const version = async (digest: string) => ({
    digest,
    harness: await store.getJson<Harness>({ sha256: digest }),
  });
  const ledger = await createFileRegistry(places.registryDir).ledger();
  const own = ledger.filter(({ evolution }) => evolution === name);
  return {
    ...standing,
    contract,
    seedHarness: await version(standing.seedHarness),
    champion: await version(standing.champion),
    rounds: await Promise.all(standing.rounds.map((result) => roundSource(store, result))),
    ablation: await latestAblation(store, own),
    ledger: own,
    invalid: await invalidLines(store, contract, standing),
  };
}

async function standingOf(client: Client, name: string, places: ReportPlaces): Promise<Standing> {
  const { status } = await client.workflow.getHandle(evolutionId(name)).describe();
  if (status.name === 'COMPLETED') {
    const result = await withOpenings(places.stateDir, await evolutionResult(client, name));
    return { ...result, contractDigest: result.contract, doing: null, underWay: null };
  }
  const seen = await look(client, name).catch(() => {
    throw new CliError(
      `${name} is ${status.name.toLowerCase()}, and no worker answers for it. Start one: ${typed('worker', places.state)}`,
    );
  });
  const { paused, phase, round } = seen.state;
  const doing = paused ?? `round ${round}, ${phase}`;
  const ended = status.name === 'RUNNING' ? null : status.name.toLowerCase();
  const standing = standingOfState(seen.state, ended ?? (paused === null ? 'running' : 'paused'), doing);
  return { ...standing, underWay: ended ? null : seen.round };
}

function standingOfState(state: EvolutionState, status: Standing['status'], doing: string): Standing {
  const { prepared, incumbent, calibration, rounds, final, controls, spend } = state;
  if (!prepared || !incumbent)
    throw new CliError('There is nothing to report yet: the evolution is still being prepared.');
  return {
    name: prepared.name,
    status,
    doing,
    contractDigest: prepared.contract,
    seedHarness: prepared.seedHarness,
    champion: incumbent,
    calibration,
    rounds,
    final,
    controls,
    spend,
    underWay: null,
  };
}

/** What the store does not have (any more) is left out, not made up. */
async function roundSource(store: ArtifactStore, result: RoundResult): Promise<RoundSource> {
  const read = <T>(sha256: string | null | undefined) =>
    sha256 ? store.getJson<T>({ sha256 }).catch(() => null) : Promise.resolve(null);
  const record = await read<RoundRecordInput>(result.record);
  const evidence = await read<Evidence>(record?.evidence);
  const proposals: RoundSource['proposals'] = {};
  for (const line of record?.proposals ?? []) {
    if (line.kind !== 'proposed') continue;
    const proposal = await read<Proposal>(line.proposal.sha256);
    const harness = await read<Harness>(line.harness);
    const targets = evidence ? targetsOf(evidence, line.weakness) : [];
    if (proposal && harness) proposals[line.id] = { proposal, harness, targets };
  }
  const details = Object.fromEntries(evidence?.weaknesses.map(({ id, detail }) => [id, detail]) ?? []);
  return { result, record, incumbent: await read<Harness>(record?.incumbent), details, proposals };
}

async function latestAblation(
  store: ArtifactStore,
  ledger: readonly LedgerEntry[],
): Promise<AblationRecordInput | null> {
  const sha256 = ledger.findLast(({ evidence }) => evidence.ablation !== undefined)?.evidence.ablation;
  return sha256 ? store.getJson<AblationRecordInput>({ sha256 }).catch(() => null) : null;
}

async function invalidLines(
  store: ArtifactStore,
  contract: Contract,
  { name, contractDigest }: Standing,
): Promise<InvalidTrialLine[]> {
  const { tasks } = contract;
  const invalid = await invalidTrials(store, { digest: contractDigest, tasks }, `${name}/`);
  return invalid.map(({ result: { task, harness, purpose, attempt, reason }, again }) => {
    return { task, harness, purpose, attempt, reason, again: again?.outcome ?? null };
  });
}
