/**
 * The money of one reading or proposal: told once, whatever died in between. What its tries cost that came to no answer is noted
 * beside it, as for trials; what the answer cost is kept before the answer is.
 */
import type { ModelConfig } from '../contract/config.js';
import { digestOf } from '../harness/digest.js';
import { counted } from '../model/counted.js';
import { addUsage, costUsd } from '../model/price.js';
import { type ChatModel, EVERYONES, ModelError, type Usage } from '../model/types.js';
import type { ArtifactStore } from '../store/types.js';
import { brokenTries, noteBrokenTry, type Try, usageOf } from '../trial/tries.js';
import type { TrialSpec } from '../trial/types.js';
import type { Role } from '../workflows/roles.js';
import { addSpend, callSpend, NO_SPEND } from '../workflows/spend.js';
import type { Bill, Spend } from '../workflows/types.js';
import type { ActivityRun } from './run.js';

/** An evolution under one contract: what shares its trials, and its budget. */
export interface Payer {
  contract: string;
  evolution: string;
}

/** The purpose of a trial begins with the name of its evolution. */
export function payerOf({ contract, purpose }: Pick<TrialSpec, 'contract' | 'purpose'>): Payer {
  return { contract, evolution: purpose.split('/', 1)[0]! };
}

export function isSame(a: Payer, b: Payer): boolean {
  return a.contract === b.contract && a.evolution === b.evolution;
}

/** Something that is asked of a model, and kept under `key` in an area of the store. */
export interface Call {
  area: string;
  key: string;
  role: 'miner' | 'proposer';
  payer: Payer;
  config: ModelConfig;
}

interface KeptCost extends Payer {
  /** The workflow run that paid. */
  run: string;
  spend: Spend;
}

export interface PaidCall {
  /** Retries nothing: each try is counted by itself. */
  model: ChatModel;
  /** Of this call, over all tries of this workflow run. */
  usage(): Usage;
  /** Runs `work`; what it spent without coming to its end is noted. */
  spend<T>(work: () => Promise<T>): Promise<T>;
  /** Before the answer itself is kept. */
  keep(): Promise<void>;
  /** Of what was spent until now. */
  bill(): Bill;
}

export async function paidCall(
  store: ArtifactStore,
  call: Call,
  model: ChatModel,
  run: Pick<ActivityRun, 'id' | 'run' | 'note' | 'before'>,
): Promise<PaidCall> {
  const { area, key, role, payer, config } = call;
  const note = ({ id, usage }: Try, reason: string) =>
    noteBrokenTry(store, triesKey(area, key), {
      ...{ id, usage, role, reason, contract: payer.contract, purpose: `${payer.evolution}/${area}` },
    });
  const cut = (run.before as { cut?: Try } | null | undefined)?.cut;
  if (cut) await note(cut, 'its worker went away');
  const tries = await brokenTries(store, triesKey(area, key));
  const earlier = usageOf(tries.filter(({ id }) => id.startsWith(run.run)));
  const counting = counted(model);
  const own = () => usageSpend(role, config, counting.usage());
  return {
    model: {
      async complete(request, options) {
        const answer = await counting.model.complete(request, options);
        run.note({ cut: { id: run.id, usage: counting.usage() } });
        return answer;
      },
    },
    usage: () => addUsage(earlier, counting.usage()),
    async spend(work) {
      try {
        return await work();
      } catch (error) {
        const reason = error instanceof Error ? error.message.slice(0, 300) : 'unknown';
        // The error is what matters: where the store is what broke, the note is lost.
        if (counting.usage().promptTokens > 0)
          await note({ id: run.id, usage: counting.usage() }, reason).catch(() => {});
        throw error;
      }
    },
    async keep() {
      const { contract, evolution } = payer;
      await store.putKeyed<KeptCost>(costsArea(area), key, {
        run: run.run,
        contract,
        evolution,
        spend: own(),
      });
    },
    bill: () => billOf(call, tries, run.run, { run: run.run, spend: own() }),
  };
}

/** Of an answer that was found. */
export async function keptBill(
  store: ArtifactStore,
  call: Call,
  { run }: Pick<ActivityRun, 'run'>,
): Promise<Bill> {
  const { area, key } = call;
  const kept = await store.getKeyed<KeptCost>(costsArea(area), key);
  const tries = await brokenTries(store, triesKey(area, key));
  return billOf(call, tries, run, kept ?? { run, spend: NO_SPEND });
}

function billOf(
  { role, config }: Call,
  tries: readonly Try[],
  run: string,
  answer: Pick<KeptCost, 'run' | 'spend'>,
): Bill {
  const paid = [
    ...tries.map(({ id, usage }) => ({
      isOwn: id.startsWith(run),
      spend: usageSpend(role, config, usage),
    })),
    { isOwn: answer.run === run, spend: answer.spend },
  ];
  const sum = (parts: typeof paid) => parts.map(({ spend }) => spend).reduce(addSpend, NO_SPEND);
  const before = paid.filter(({ isOwn }) => !isOwn);
  return before.length === 0 ? { spend: sum(paid) } : { spend: sum(paid), before: sum(before) };
}

/** What a role used of a model, with its price. */
export function usageSpend(role: Role, { price }: Pick<ModelConfig, 'price'>, usage: Usage): Spend {
  return callSpend(role, { ...usage, usd: costUsd(usage, price) });
}

/** All that a payer's kept answers in these areas cost. */
export async function costsBy(store: ArtifactStore, areas: readonly string[], payer: Payer): Promise<Spend> {
  let sum = NO_SPEND;
  for (const area of areas.map(costsArea)) {
    for await (const key of store.listKeyed(area)) {
      const kept = await store.getKeyed<KeptCost>(area, key);
      if (kept && isSame(kept, payer)) sum = addSpend(sum, kept.spend);
    }
  }
  return sum;
}

/** Errors that are this call's own, and that asking again would not mend. */
export function isLost(error: unknown): error is ModelError {
  if (!(error instanceof ModelError) || error.retryable) return false;
  return error.kind !== 'cancelled' && !EVERYONES.has(error.kind);
}

function costsArea(area: string): string {
  return `${area}-costs`;
}

/** A reading lies under the key of its trial, which has tries of its own. */
function triesKey(area: string, key: string): string {
  return digestOf({ area, key });
}
