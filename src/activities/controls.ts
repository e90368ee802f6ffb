/** Control arms: what the evolution spent, edits by chance, and what all of it came to. */
import type { Contract } from '../contract/types.js';
import type { EditContext } from '../harness/edit.js';
import { drawEdit } from '../proposal/random-edit.js';
import type { Proposal } from '../proposal/types.js';
import type { ArtifactStore } from '../store/types.js';
import { CALIBRATE } from '../validation/calibration.js';
import {
  type Against,
  bestOfRows,
  type ControlAttempt,
  type ControlRow,
  figuresOf,
  meanScores,
  outlayOf,
  sameTogether,
} from '../validation/controls.js';
import { seededRandom } from '../validation/random.js';
import { sum, tasksOf } from '../validation/scores.js';
import { mean } from '../validation/statistics.js';
import {
  bestOfPurpose,
  type ControlsPlan,
  type ControlsResult,
  championOf,
  type DrawEditsInput,
  type DrawEditsReport,
  type DrawnEdit,
  measurePurpose,
  type PlanControlsInput,
  type ScoreControlsInput,
} from '../workflows/control-types.js';
import { finalPurpose } from '../workflows/final-measurement.js';
import { putCanonical } from './artifacts.js';
import type { WorkerContext } from './context.js';
import { addOutlay, readAttempts } from './control-trials.js';
import { editContext } from './edit-context.js';
import { runActivity } from './run.js';

const NOTHING = { trials: 0, tokens: 0, usd: 0 };

export function createPlanControls({ store }: WorkerContext) {
  return (input: PlanControlsInput): Promise<ControlsPlan> =>
    runActivity(async () => {
      const { name, contract: digest, seedHarness, finalAttempts, calibrationAttempts, decided } = input;
      const contract = await store.getJson<Contract>({ sha256: digest });
      const of = (purpose: string) => ({ contract: digest, harness: seedHarness, purpose });
      const final = await readAttempts(store, contract, of(finalPurpose(name)), {
        tasks: tasksOf(input),
        attempts: finalAttempts,
      });
      // Rounds may have drawn another heldOut since: the calibration had the contract's.
      const calibration = await readAttempts(store, contract, of(`${name}/${CALIBRATE}`), {
        tasks: tasksOf(contract.split),
        attempts: 2 * calibrationAttempts,
      });
      const valid = final.filter(({ passed }) => passed !== null);
      const priced = valid.flatMap(({ usd }) => (usd === null ? [] : [usd]));
      return {
        evolving: addOutlay(decided, outlayOf(calibration)),
        seedTrial: { tokens: mean(valid.map(({ tokens }) => tokens)), usd: mean(priced) },
      };
    });
}

/** Fewer than asked for only where nothing else valid is found. The same input draws the same edits. */
export function createDrawEdits(context: WorkerContext) {
  return (input: DrawEditsInput): Promise<DrawEditsReport> =>
    runActivity(async () => {
      const { store } = context;
      const { round, width } = input;
      const loaded = await context.contract(input.contract);
      const harness = await context.harness(input.harness);
      const known = await editContext(loaded);
      const before = await drawnBefore(store, input.drawn);
      const edits: DrawnEdit[] = [];
      for (let slot = 1; slot <= width; slot++) {
        const tried = [...before, ...edits].map((drawn) => drawn.harness);
        const clear: EditContext = { ...known, earlierDigests: [input.harness, ...tried] };
        const random = seededRandom(`${loaded.contract.seed}/random-edit/${round}/${slot}`);
        const drawn = drawEdit(harness, clear, random);
        if (drawn === null) continue;
        const { edit, summary } = drawn;
        const id = `random-${round}-${slot}`;
        const said = { weakness: '', mechanism: '', expectedEffect: '', regressionRisk: '' };
        const proposal: Proposal = { id, slot, edit, summary, ...said };
        edits.push({
          ...{ id, round, surface: edit.surface, summary },
          harness: await putCanonical(store, drawn.harness),
          proposal: (await store.putJson(proposal)).sha256,
        });
      }
      const { sha256 } = await store.putJson([...before, ...edits]);
      return {
        edits: edits.map((drawn) => ({ id: drawn.id, harness: drawn.harness, proposal: drawn.proposal })),
        drawn: sha256,
      };
    });
}

async function drawnBefore(store: ArtifactStore, drawn: string | null): Promise<DrawnEdit[]> {
  return drawn === null ? [] : store.getJson<DrawnEdit[]>({ sha256: drawn });
}

/** Reads every trial that is compared from the store; the whole of it is kept there, a small part answered. */
export function createScoreControls({ store }: WorkerContext) {
  return (input: ScoreControlsInput): Promise<ControlsResult> =>
    runActivity(async () => {
      const { name, contract: digest, seedHarness, champion, finalAttempts, evolving, money } = input;
      const contract = await store.getJson<Contract>({ sha256: digest });
      const tasks = tasksOf(input);
      const read = (harness: string, purpose: string, attempts = finalAttempts) =>
        readAttempts(store, contract, { contract: digest, harness, purpose }, { tasks, attempts });
      const against: Against = {
        evolved: meanScores(await read(champion, finalPurpose(name))),
        seed: meanScores(await read(seedHarness, finalPurpose(name))),
      };
      const measured = async (harness: string): Promise<Pick<ControlRow, 'heldIn' | 'heldOut'>> =>
        figuresOf(meanScores(await read(harness, measurePurpose(name))), against);

      const own = figuresOf(against.evolved, against);
      const alone = champion === seedHarness ? { gain: null, lead: null } : { lead: null };
      const rows: ControlRow[] = [
        {
          ...{ arm: 'evolved', equal: [], attempts: finalAttempts, outlay: evolving, harness: champion },
          heldIn: { ...own.heldIn, ...alone },
          heldOut: { ...own.heldOut, ...alone },
        },
      ];
      if (input.noOp)
        rows.push({
          ...{ arm: 'no-op', equal: [], attempts: finalAttempts, outlay: NOTHING, harness: seedHarness },
          ...(await measured(seedHarness)),
        });
      const most = Math.max(0, input.bestOf?.trials ?? 0, input.bestOf?.money ?? 0);
      const attempts = await read(seedHarness, bestOfPurpose(name), most);
      if (input.bestOf) rows.push(...bestOfRows(attempts, input.bestOf, { harness: seedHarness, against }));
      if (input.search) rows.push(...(await searchRows(input, measured)));
      const result = {
        evolving,
        money,
        rows,
        search: input.search && searched(input.search),
        votes: input.bestOf && votesOf(attempts),
      };
      const drawn = await drawnBefore(store, input.search?.drawn ?? null);
      const { sha256 } = await store.putJson({ ...result, rounds: input.search?.rounds ?? [], drawn });
      return { ...result, record: sha256 };
    });
}

async function searchRows(
  { search, seedHarness, finalAttempts }: ScoreControlsInput,
  measured: (harness: string) => Promise<Pick<ControlRow, 'heldIn' | 'heldOut'>>,
): Promise<ControlRow[]> {
  const { rounds, within } = search!;
  const nothing = { rate: null, gain: null, lead: null };
  return Promise.all(
    sameTogether((budget) => within[budget]).map(async ({ value: count, equal }): Promise<ControlRow> => {
      const arm = 'random-edit';
      const harness = championOf(seedHarness, rounds, count);
      if (harness === null || count === null)
        return { arm, equal, attempts: null, outlay: null, harness, heldIn: nothing, heldOut: nothing };
      const outlay = count === 0 ? NOTHING : rounds[count - 1]!.spent;
      return { arm, equal, attempts: finalAttempts, outlay, harness, ...(await measured(harness)) };
    }),
  );
}

function searched({ rounds }: NonNullable<ScoreControlsInput['search']>): ControlsResult['search'] {
  return {
    rounds: rounds.length,
    edits: sum(rounds.map(({ edits }) => edits)),
    promoted: rounds.filter(({ decision }) => decision === 'promoted').length,
  };
}

function votesOf(attempts: readonly ControlAttempt[]): ControlsResult['votes'] {
  const valid = attempts.filter(({ passed }) => passed !== null);
  return {
    attempts: valid.length,
    unknown: valid.filter(({ fingerprint }) => fingerprint === null).length,
  };
}
