/** The sealed split: an activity tells the ledger that it is opened, and only then do its trials run. */
import { compareArms } from '../validation/compare.js';
import { passInterval } from '../validation/intervals.js';
import { INCUMBENT, type TrialRequest, type TrialScore } from '../validation/types.js';
import { Batches } from './batches.js';
import { CHAMPION } from './final-measurement.js';
import { light } from './proxies.js';
import type { Purse } from './purse.js';
import { type Steering, StopRequested } from './steering.js';
import type { Amount, Prepared, SealedFigures, SealOpening, UnsealInput } from './types.js';

export interface SealedOutcome {
  figures: SealedFigures;
  /** Distinct reasons of invalid trials. */
  problems: string[];
  /** false: the budget ended or people said stop. */
  complete: boolean;
  /** Why it was not opened. */
  refused: string | null;
}

const NOT_RUN = { problems: [] };

/** What is said of the sealed split while it is not opened. */
export function staysSealed({ name, sealed, unseal }: Prepared): SealedFigures {
  if (sealed === 0) return noFigures('no task is sealed');
  return noFigures(unseal === 'at-end' ? 'not opened yet' : `opened by \`self-harness unseal ${name}\``);
}

function noFigures(sealedNote: string, sealedOpenings = 0): SealedFigures {
  return { sealedBefore: null, sealedAfter: null, sealedGain: null, sealedOpenings, sealedNote };
}

/** Seed and champion on fresh attempts of the sealed tasks, paired; where nothing was promoted, the seed alone. */
export async function measureSealed(
  input: UnsealInput,
  around: {
    steering: Steering;
    purse: Purse;
    /** What one call of the agent can cost at most. */
    call: Amount;
    /** Told the workflow id of the batch under way, and null when it is over. */
    onBatch: (workflowId: string | null) => void;
  },
): Promise<SealedOutcome> {
  const { steering, purse, call, onBatch } = around;
  const opening = await open(input, steering);
  if (opening === null) return { ...NOT_RUN, figures: noFigures('stopped'), complete: false, refused: null };
  if ('refused' in opening) {
    const { refused } = opening;
    const note = `${refused} That is \`self-harness unseal ${input.name} --reason "..."\`.`;
    return { ...NOT_RUN, figures: noFigures(note), complete: true, refused };
  }
  const { contract, name, seedHarness, champion } = input;
  const { concurrency, trialSeconds, openings } = opening;
  const harnesses = new Map([[INCUMBENT, seedHarness]]);
  if (champion !== seedHarness) harnesses.set(CHAMPION, champion);
  const batches = new Batches({ contract, concurrency, trialSeconds, call }, steering, purse, onBatch);
  const { scores, problems, complete } = await batches.run({
    stage: 'seal',
    childId: 'seal',
    purpose: `${name}/seal-${openings}`,
    requests: sealedRequests(opening, [...harnesses.keys()]),
    harnesses,
  });
  const figures = complete
    ? sealedFigures(scores, openings, champion !== seedHarness)
    : noFigures(`opened, but not measured to the end: \`self-harness unseal ${name}\` does that`, openings);
  return { figures, problems, complete, refused: null };
}

async function open(input: UnsealInput, steering: Steering): Promise<SealOpening | null> {
  try {
    return await steering.persist(() => light.openSealed(input));
  } catch (error) {
    if (error instanceof StopRequested) return null;
    throw error;
  }
}

function sealedRequests(
  { tasks, attempts }: { tasks: string[]; attempts: number },
  arms: string[],
): TrialRequest<'sealed'>[] {
  const numbers = Array.from({ length: attempts }, (_, i) => i + 1);
  return tasks.flatMap((task) =>
    numbers.flatMap((attempt) =>
      arms.map((arm) => ({ arm, task, split: 'sealed' as const, stage: 'seal', attempt })),
    ),
  );
}

function sealedFigures(
  scores: TrialScore<'sealed'>[],
  sealedOpenings: number,
  changed: boolean,
): SealedFigures {
  if (!changed) {
    const rate = passInterval(scores);
    return { sealedBefore: rate, sealedAfter: rate, sealedGain: null, sealedOpenings, sealedNote: '' };
  }
  const { incumbent, candidate, difference } = compareArms(scores, { arm: CHAMPION, split: 'sealed' });
  return {
    sealedBefore: incumbent,
    sealedAfter: candidate,
    sealedGain: difference,
    sealedOpenings,
    sealedNote: '',
  };
}
