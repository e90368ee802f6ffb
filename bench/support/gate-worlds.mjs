// Made-up worlds for the gates: tasks with pass probabilities, four candidates whose edits change them in known ways,
// and the targets that mining would have given each. Every chance comes from the generator that is handed in.
import { taskDifficulties } from '../../dist/validation/simulate.js';

/** Keeps a task from being certain. */
const CERTAIN = 0.005;
/** A held-in task that failed in the observation is a target with this chance: of an edit that helps it, or not. */
const MINED = { affected: 0.8, other: 0.075, blind: 0.3 };

/** Kinds of edits: which share of the tasks each part of it moves, and how. `helps` marks what mining can be right about. */
const towards = (share, way) => ({ share, change: (p) => p + way * (1 - p), helps: true });
const times = (share, factor) => ({ share, change: (p) => p * factor, helps: false });
const EDITS = {
  'no-op': [],
  good10: [towards(0.3, 0.6)],
  good5: [towards(0.15, 0.6)],
  bad: [times(0.2, 0.6)],
  thin: [towards(0.7, 0.25)],
  trade: [towards(0.12, 0.6), times(0.35, 0.6)],
};

/** `core`: the five that the gate's figures are summed over; the others are less kind. */
export const WORLDS = [
  { name: '4 no-op', core: true, kinds: ['no-op', 'no-op', 'no-op', 'no-op'] },
  { name: '3 no-op, good10', core: true, kinds: ['no-op', 'no-op', 'no-op', 'good10'] },
  { name: '2 no-op, good5, bad', core: true, kinds: ['no-op', 'no-op', 'good5', 'bad'] },
  { name: 'good10, good5, no-op, bad', core: true, kinds: ['good10', 'good5', 'no-op', 'bad'] },
  { name: '2 no-op, 2 bad', core: true, kinds: ['no-op', 'no-op', 'bad', 'bad'] },
  { name: '4 no-op: few targets', kinds: ['no-op', 'no-op', 'no-op', 'no-op'], mined: 0.1 },
  { name: '3 no-op, good10: targets mis-mined', kinds: ['no-op', 'no-op', 'no-op', 'good10'], blind: true },
  { name: '3 no-op, gains spread thin', kinds: ['no-op', 'no-op', 'no-op', 'thin'] },
  { name: '3 no-op, trade: harm elsewhere', kinds: ['no-op', 'no-op', 'no-op', 'trade'] },
  { name: '4 no-op: attempts correlated', kinds: ['no-op', 'no-op', 'no-op', 'no-op'], repeats: 0.4 },
  {
    name: '3 no-op, good10: attempts correlated',
    kinds: ['no-op', 'no-op', 'no-op', 'good10'],
    repeats: 0.4,
  },
];

/** 43 of 64: the share of the tasks that is held in. */
export const heldInOf = (tasks) => Math.round((tasks * 43) / 64);

/**
 * One round of a world.
 * @returns plan: without gate and settings; world: for simulateRound; gain(members): true mean change of the tasks' pass
 * probabilities, 0-1, under these members' edits together.
 */
export function drawRound({ kinds, blind = false, mined = MINED.blind, repeats = 0 }, tasks, seed, random) {
  const names = Array.from({ length: tasks }, (_, i) => `task-${i}`);
  const heldIn = names.slice(0, heldInOf(tasks));
  const base = taskDifficulties(tasks, seed).map((p) => Math.min(1 - CERTAIN, Math.max(CERTAIN, p)));
  const index = new Map(names.map((name, i) => [name, i]));
  const failed = heldIn.filter((_, i) => random() >= base[i]);
  const edits = new Map(kinds.map((kind, i) => [`c${i + 1}`, drawEdit(kind, tasks, random)]));
  const candidates = [...edits].map(([arm, edit]) => {
    const chance = (task) =>
      blind || !edit.mined ? mined : edit.helped.has(index.get(task)) ? MINED.affected : MINED.other;
    return { arm, targets: failed.filter((task) => random() < chance(task)) };
  });
  const passes = (members, i) => members.reduce((p, arm) => edits.get(arm).apply(p, i), base[i]);
  const chances = (members, { task }) => passes(members, index.get(task));
  return {
    plan: { heldIn, heldOut: names.slice(heldIn.length), candidates, seed },
    world: { passes: repeats > 0 ? correlated(chances, repeats, random) : chances },
    gain: (members) => base.reduce((sum, p, i) => sum + passes(members, i) - p, 0) / tasks,
  };
}

function drawEdit(kind, tasks, random) {
  const changes = new Map();
  const helped = new Set();
  for (const { share, change, helps } of EDITS[kind]) {
    for (let left = Math.round(share * tasks); left > 0; ) {
      const i = Math.floor(random() * tasks);
      if (changes.has(i)) continue;
      changes.set(i, change);
      if (helps) helped.add(i);
      left -= 1;
    }
  }
  return { helped, mined: helped.size > 0, apply: (p, i) => changes.get(i)?.(p) ?? p };
}

/** Each attempt of an arm on a task repeats the outcome of the one before with a chance of `repeats`. */
function correlated(chances, repeats, random) {
  const last = new Map();
  return (members, request) => {
    const lane = `${request.arm} ${request.task}`;
    const before = last.get(lane);
    const passed = before !== undefined && random() < repeats ? before : random() < chances(members, request);
    last.set(lane, passed);
    return passed ? 1 : 0;
  };
}
