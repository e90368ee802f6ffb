/**
 * The money of one reading or proposal: told once, whatever died in between. What its tries cost that came to no answer is noted
 * beside it, as for trials; what the answer cost is kept before the answer is.
 */
import type { ModelConfig } from '../contract/config.js';
import { digestOf } from '../harness/digest.js';
import { addUsage, costUsd, noUsage } from '../model/price.js';
import { type ChatModel, ModelError, type Usage } from '../model/types.js';
import type { ArtifactStore } from '../store/types.js';
import { brokenTries, noteBrokenTry, type Try, usageOf } from '../trial/tries.js';
import type { TrialSpec } from '../trial/types.js';
import { addSpend, callSpend, NO_SPEND } from '../workflows/spend.js';
import type { Bill, Spend } from '../workflows/types.js';
import { counted } from './metered.js';
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
  { area, key, role, payer, config }: Call,
  model: ChatModel,
  run: Pick<ActivityRun, 'id' | 'run' | 'note' | 'before'>,
): Promise<PaidCall> {
  const { contract, evolution } = payer;
  const note = ({ id, usage }: Try, reason: string) =>
    noteBrokenTry(store, triesKey(area, key), {
      ...{ id, usage, contract, role, purpose: `${evolution}/${area}`, reason },
    });
  const cut = (run.before as { cut?: Try } | null | undefined)?.cut;
  if (cut) await note(cut, 'its worker went away');
  const tries = await brokenTries(store, triesKey(area, key));
  const earlier = usageOf(tries.filter(({ id }) => id.startsWith(run.run)));
  const counting = counted(model, noUsage);
  const priced = (usage: Usage) => callSpend(role, { ...usage, usd: costUsd(usage, config.price) });
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
      const spend = priced(counting.usage());
      await store.putKeyed<KeptCost>(costsArea(area), key, { run: run.run, contract, evolution, spend });
    },
    bill: () => billOf(tries, run.run, priced, { run: run.run, spend: priced(counting.usage()) }),
  };
}

/** Of an answer that was found. */
export async function keptBill(
  store: ArtifactStore,
  { area, key, role, config }: Call,
  { run }: Pick<ActivityRun, 'run'>,
): Promise<Bill> {
  const kept = await store.getKeyed<KeptCost>(costsArea(area), key);
  const tries = await brokenTries(store, triesKey(area, key));
  const priced = (usage: Usage) => callSpend(role, { ...usage, usd: costUsd(usage, config.price) });
  return billOf(tries, run, priced, kept ?? { run, spend: NO_SPEND });
}

function billOf(
  tries: readonly Try[],
  run: string,
  priced: (usage: Usage) => Spend,
  answer: { run: string; spend: Spend },
): Bill {
  const others = tries.filter(({ id }) => !id.startsWith(run));
  const spend = [...tries.map(({ usage }) => priced(usage)), answer.spend].reduce(addSpend, NO_SPEND);
  const before = [...others.map(({ usage }) => priced(usage)), ...(answer.run === run ? [] : [answer.spend])];
  return before.length === 0 ? { spend } : { spend, before: before.reduce(addSpend, NO_SPEND) };
}

/** All that a payer's kept answers in these areas cost. */
export async function costsBy(
  store: ArtifactStore,
  areas: readonly string[],
  { contract, evolution }: Payer,
): Promise<Spend> {
  let sum = NO_SPEND;
  for (const area of areas.map(costsArea)) {
    for await (const key of store.listKeyed(area)) {
      const kept = await store.getKeyed<KeptCost>(area, key);
      if (kept?.contract === contract && kept.evolution === evolution) sum = addSpend(sum, kept.spend);
    }
  }
  return sum;
}

/** Errors that are this call's own, and that asking again would not mend. */
export function isLost(error: unknown): error is ModelError {
  const everyones = ['cancelled', 'quota', 'authentication', 'not-found'];
  return error instanceof ModelError && !error.retryable && !everyones.includes(error.kind);
}

function costsArea(area: string): string {
  return `${area}-costs`;
}

/** A reading lies under the key of its trial, which has tries of its own. */
function triesKey(area: string, key: string): string {
  return digestOf({ area, key });
}
