/** The confirmed gate: screen, merge, confirm; if the merge fails, confirm the best single survivor. */
import { type ConfirmResult, confirm } from './confirm.js';
import { leftOut } from './deciding.js';
import type { ScoreBook } from './scores.js';
import { SCREEN, type ScreenResult, screen, screenTargets } from './screen.js';
import {
  type Arm,
  type CandidateVerdict,
  type GateEvent,
  type GatePlan,
  type GateStep,
  type GateVerdict,
  MERGE,
  type TrialRequest,
} from './types.js';
import { plural, points } from './words.js';

export const CONFIRM = 'confirm';
export const CONFIRM_SINGLE = 'confirm-single';

type Merged = Extract<GateEvent, { kind: 'merged' }>;

/** A finished confirmation. */
interface Confirmation {
  stage: string;
  arm: Arm;
  members: Arm[];
  result: ConfirmResult;
}

export function confirmedStep(plan: GatePlan, book: ScoreBook, merged: Merged | undefined): GateStep {
  const screened = screen(plan, book);
  if ('ask' in screened) return trials(SCREEN, screened.ask);
  const { survivors } = screened.result;
  const best = survivors[0];
  if (!best) return verdict(nothingSurvived(screened.result));
  if (survivors.length > 1 && !merged) return { kind: 'merge', arms: survivors.map(({ arm }) => arm) };

  const main = merged && merged.members.length > 0 ? merged : { arm: best.arm, members: [best.arm] };
  // Two chances to promote share the level; a single candidate has but one.
  const fallback = main.arm === MERGE;
  const { alphas, fallbackFactor } = plan.settings.confirm;
  const levels = fallback ? alphas.map((alpha) => alpha * fallbackFactor) : alphas;
  const confirmations: Confirmation[] = [];
  const stages = [
    { stage: CONFIRM, arm: main.arm, members: main.members },
    ...(fallback ? [{ stage: CONFIRM_SINGLE, arm: best.arm, members: [best.arm] }] : []),
  ];
  for (const { stage, arm, members } of stages) {
    const step = confirm(plan, book, { stage, arm, targets: targetsOf(plan, members), alphas: levels });
    if ('ask' in step) return trials(stage, step.ask);
    confirmations.push({ stage, arm, members, result: step.result });
    if (step.result.decision === 'promoted' || step.result.unsound) break;
  }
  return verdict(conclude(screened.result, confirmations, merged?.dropped ?? []));
}

/** The tasks that these candidates were screened on. */
function targetsOf(plan: GatePlan, members: readonly Arm[]): string[] {
  const targets = screenTargets(plan);
  return [...new Set(members.flatMap((arm) => targets.get(arm) ?? []))];
}

function trials(stage: string, requests: TrialRequest[]): GateStep {
  return { kind: 'trials', stage, requests };
}

function verdict(it: GateVerdict): GateStep {
  return { kind: 'verdict', verdict: it };
}

function nothingSurvived({ eliminated }: ScreenResult): GateVerdict {
  const unjudged = eliminated.filter(({ decision }) => decision === 'undecided');
  const best = eliminated.reduce<CandidateVerdict | null>(
    (top, one) => ((one.heldInDelta ?? -2) > (top?.heldInDelta ?? -2) ? one : top),
    null,
  );
  const strongest =
    best === null ? '' : ` The strongest, ${best.arm}, measured ${points(best.heldInDelta)} on its targets.`;
  const refused =
    unjudged.length === 0
      ? ''
      : ` ${plural(unjudged.length, 'candidate')} could not be judged: ${unjudged[0]!.reason}`;
  return {
    decision: unjudged.length > 0 ? 'undecided' : 'rejected',
    arm: null,
    members: [],
    reason: `None of ${plural(eliminated.length, 'candidate')} passed the screen.${strongest}${refused}`,
    candidates: eliminated,
    comparison: null,
  };
}

function conclude(
  screened: ScreenResult,
  confirmations: readonly Confirmation[],
  dropped: Merged['dropped'],
): GateVerdict {
  const last = confirmations.at(-1)!;
  const promoted = last.result.decision === 'promoted';
  const open = confirmations.some(({ result }) => result.decision === 'undecided');
  return {
    decision: promoted ? 'promoted' : open ? 'undecided' : 'rejected',
    arm: promoted ? last.arm : null,
    members: promoted ? last.members : [],
    reason: confirmations.map((one) => `${naming(one)}: ${one.result.reason}`).join(' '),
    candidates: [
      ...screened.survivors.map((survivor) => survivorVerdict(survivor, confirmations, dropped)),
      ...screened.eliminated,
    ],
    comparison: last.result.comparison,
  };
}

function naming({ arm, members }: Confirmation): string {
  return arm === MERGE ? `The merge of ${members.join(', ')}` : `${arm} by itself`;
}

/** The reasons of candidates are shown to proposers: they carry no figure of heldOut, nor of both splits together. */
function survivorVerdict(
  survivor: CandidateVerdict,
  confirmations: readonly Confirmation[],
  dropped: Merged['dropped'],
): CandidateVerdict {
  const conflict = dropped.find(({ arm }) => arm === survivor.arm);
  const own = confirmations.filter(({ members }) => members.includes(survivor.arm));
  const last = own.at(-1);
  if (!last) {
    const why = conflict ? `was ${leftOut(conflict.reason)}` : 'was in no confirmation.';
    return { ...survivor, decision: 'undecided', stage: 'merge', reason: `${survivor.reason} It ${why}` };
  }
  const { result, arm, stage } = last;
  const as = arm === MERGE ? `as part of the merge of ${last.members.join(', ')}` : 'by itself';
  const heldIn = points(result.comparison.heldIn.difference?.value ?? null);
  const ending = {
    promoted: 'was confirmed on fresh attempts',
    rejected: 'was not confirmed on fresh attempts',
    undecided: 'could be neither confirmed nor rejected on fresh attempts',
  }[result.decision];
  return {
    ...survivor,
    decision: result.decision,
    stage,
    reason: `${survivor.reason} It ${ending}, ${as} (heldIn ${heldIn}).`,
  };
}
