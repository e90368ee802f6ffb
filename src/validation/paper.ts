/**
 * The paper's gate, for fidelity: every candidate on both splits; accepted if neither split's pass count falls and at
 * least one rises; the accepted ones are merged, and the merge has to pass by the same rule on attempts of its own
 * against the incumbent's counts. No margin, no test: `docs/protocol.md` says how often chance alone passes it.
 */
import { compare, heldInDifference } from './compare.js';
import { leftOut } from './deciding.js';
import {
  interleave,
  pairTask,
  type ScoreBook,
  sum,
  type TaskPairs,
  tasksOf,
  tooFewValid,
  unanswered,
} from './scores.js';
import {
  type Arm,
  type CandidateVerdict,
  type GateEvent,
  type GatePlan,
  type GateSplit,
  type GateStep,
  INCUMBENT,
  MERGE,
  type TrialRequest,
} from './types.js';
import { plural } from './words.js';

export const PAPER = 'paper';
export const PAPER_MERGE = 'paper-merge';

type Merged = Extract<GateEvent, { kind: 'merged' }>;

/** An arm measured against the incumbent by the rule. */
interface Judged {
  arm: Arm;
  stage: string;
  accepted: boolean;
  /** Why it could not be judged; null: it was. */
  problem: string | null;
  /** Passes gained over both splits. */
  gain: number;
  tasks: TaskPairs[];
}

export function paperStep(plan: GatePlan, book: ScoreBook, merged: Merged | undefined): GateStep {
  const arms = plan.candidates.map(({ arm }) => arm);
  const ask = unanswered(book, requestsFor(plan, PAPER, [INCUMBENT, ...arms]));
  if (ask.length > 0) return { kind: 'trials', stage: PAPER, requests: ask };
  const judged = arms.map((arm) => judge(plan, book, arm, PAPER));
  const accepted = judged.filter((one) => one.accepted).sort((a, b) => b.gain - a.gain);
  if (accepted.length <= 1) return conclude(judged, accepted[0]);
  if (!merged) return { kind: 'merge', arms: accepted.map(({ arm }) => arm) };
  const single = accepted.find(({ arm }) => arm === merged.arm);
  if (single) return conclude(judged, single, merged);

  const askMerge = unanswered(book, requestsFor(plan, PAPER_MERGE, [MERGE]));
  if (askMerge.length > 0) return { kind: 'trials', stage: PAPER_MERGE, requests: askMerge };
  return conclude(judged, judge(plan, book, MERGE, PAPER_MERGE), merged);
}

function requestsFor(plan: GatePlan, stage: string, arms: readonly Arm[]): TrialRequest[] {
  const attempts = attemptsOf(plan);
  return interleave(
    arms,
    tasksOf(plan).flatMap(({ task, split }) => attempts.map((attempt) => ({ task, split, stage, attempt }))),
  );
}

function attemptsOf(plan: GatePlan): number[] {
  return Array.from({ length: plan.settings.attempts }, (_, i) => i + 1);
}

function judge(plan: GatePlan, book: ScoreBook, arm: Arm, stage: string): Judged {
  const attempts = attemptsOf(plan);
  const stages = { incumbent: PAPER, candidate: stage };
  const tasks = tasksOf(plan).map(({ task, split }) =>
    pairTask(book, { task, split, attempts, candidate: arm, stages }),
  );
  const gains = (['heldIn', 'heldOut'] as const).map((split) => {
    const { incumbent, candidate } = passCounts(tasks, split);
    return candidate - incumbent;
  });
  const problem = tooFewValid(tasks, plan.settings.minValidShare);
  const accepted = problem === null && gains.every((gain) => gain >= 0) && gains.some((gain) => gain > 0);
  return { arm, stage, accepted, problem, gain: sum(gains), tasks };
}

/** Passes of each arm over the attempts that are valid in both. */
function passCounts(tasks: readonly TaskPairs[], split: GateSplit) {
  const pairs = tasks.filter((task) => task.split === split).flatMap((task) => task.pairs);
  return {
    incumbent: pairs.filter((pair) => pair.incumbent).length,
    candidate: pairs.filter((pair) => pair.candidate).length,
    of: pairs.length,
  };
}

/** @param final the arm that is promoted if it is accepted; undefined: no candidate was accepted. */
function conclude(judged: readonly Judged[], final: Judged | undefined, merged?: Merged): GateStep {
  const unjudged = [...judged, ...(final ? [final] : [])].find(({ problem }) => problem !== null);
  const shown = final ?? strongest(judged);
  const decision = final?.accepted ? 'promoted' : unjudged ? 'undecided' : 'rejected';
  const members = final?.arm === MERGE ? (merged?.members ?? []) : final ? [final.arm] : [];
  return {
    kind: 'verdict',
    verdict: {
      decision,
      arm: decision === 'promoted' ? final!.arm : null,
      members: decision === 'promoted' ? members : [],
      reason: explain(judged, final, members, unjudged),
      candidates: judged.map((one) => candidateVerdict(one, final, merged)),
      comparison: shown ? compare(shown.arm, shown.tasks, { p: null, looks: 1 }) : null,
    },
  };
}

function strongest(judged: readonly Judged[]): Judged | undefined {
  return judged.reduce<Judged | undefined>(
    (top, one) => (!top || one.gain > top.gain ? one : top),
    undefined,
  );
}

function explain(
  judged: readonly Judged[],
  final: Judged | undefined,
  members: readonly Arm[],
  unjudged: Judged | undefined,
): string {
  if (final && final.problem === null) {
    const name = final.arm === MERGE ? `The merge of ${members.join(', ')}` : final.arm;
    const ending = final.accepted ? 'no split falls and one rises' : 'a split falls or none rises';
    return `${name}: passes ${counts(final, 'heldIn')}, ${counts(final, 'heldOut')}; ${ending}.`;
  }
  const top = strongest(judged)!;
  const rejected = `None of ${plural(judged.length, 'candidate')} was accepted; the strongest, ${top.arm}: passes ${counts(top, 'heldIn')}, ${counts(top, 'heldOut')}.`;
  return unjudged ? `${rejected} ${unjudged.arm} could not be judged: ${unjudged.problem}.` : rejected;
}

function counts({ tasks }: Judged, split: GateSplit): string {
  const { incumbent, candidate, of } = passCounts(tasks, split);
  return `${split} ${incumbent} -> ${candidate} of ${of}`;
}

/** The reasons of candidates are shown to proposers: they carry no figure of heldOut. */
function candidateVerdict(
  one: Judged,
  final: Judged | undefined,
  merged: Merged | undefined,
): CandidateVerdict {
  const heldIn = one.tasks.filter((task): task is TaskPairs<'heldIn'> => task.split === 'heldIn');
  const say = (decision: CandidateVerdict['decision'], stage: string, reason: string): CandidateVerdict => ({
    arm: one.arm,
    decision,
    stage,
    reason,
    heldInDelta: heldInDifference(heldIn),
  });
  if (one.problem) return say('undecided', PAPER, `It could not be judged: ${one.problem}.`);
  const measured = `passes ${counts(one, 'heldIn')}`;
  if (!one.accepted)
    return say('rejected', PAPER, `It was not accepted: ${measured}, or the other split did not hold.`);
  if (final?.arm === one.arm) return say('promoted', PAPER, `It was accepted: ${measured}.`);
  const left = merged?.dropped.find(({ arm }) => arm === one.arm);
  if (left || !merged?.members.includes(one.arm)) {
    return say('undecided', 'merge', `It was accepted (${measured}), but ${leftOut(left?.reason)}`);
  }
  const merge = `in the merge of ${merged.members.join(', ')}: passes ${counts(final!, 'heldIn')}`;
  if (final!.accepted)
    return say('promoted', PAPER_MERGE, `It was accepted, by itself (${measured}) and ${merge}.`);
  return say(
    final!.problem ? 'undecided' : 'rejected',
    PAPER_MERGE,
    `It was accepted by itself (${measured}), but the merge was not: ${merge}.`,
  );
}
