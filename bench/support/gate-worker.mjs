// Plays rounds of one gate in one world on a thread of its own, and answers with their sums.
import { parentPort } from 'node:worker_threads';
import { evolutionSchema } from '../../dist/contract/config.js';
import { seededRandom } from '../../dist/validation/random.js';
import { simulateRound } from '../../dist/validation/simulate.js';
import { drawOutcomeRound, PAIRS } from './gate-outcomes.mjs';
import { PLANS } from './gate-plans.mjs';
import { drawRound, WORLDS } from './gate-worlds.mjs';

parentPort.on('message', (job) => parentPort.postMessage(play(job)));

/** @param job {gate, plan, world | pair, tasks, from, to}: indexes into the lists of plans, worlds, pairs; rounds from..to-1 */
function play({ gate, plan: planIndex = 0, world, pair, tasks, from, to }) {
  const settings = settingsOf(PLANS[planIndex]);
  const sums = { rounds: to - from, gain: 0, gainSquares: 0, trials: 0, promoted: 0, worse: 0 };
  for (let round = from; round < to; round++) {
    // The same tasks and edits for every gate and plan; their trials fall as they may.
    const seed = `${world ?? `pair-${pair}`}/${tasks}/${round}`;
    const random = seededRandom(`${seed}/world`);
    const drawn =
      pair === undefined
        ? drawRound(WORLDS[world], tasks, seed, random)
        : drawOutcomeRound(PAIRS[pair], seed, random);
    const plan = { ...drawn.plan, gate, settings };
    const { verdict, trials } = simulateRound(plan, drawn.world, random);
    const gain = verdict.decision === 'promoted' ? drawn.gain(verdict.members) : 0;
    sums.gain += gain;
    sums.gainSquares += gain * gain;
    // The paper's rule observes with the incumbent's trials that it decides by; ours observes beside them.
    sums.trials += trials + (gate === 'confirmed' ? plan.heldIn.length : 0);
    if (verdict.decision === 'promoted') sums.promoted += 1;
    if (gain < 0) sums.worse += 1;
  }
  return sums;
}

/** The settings that an evolution has by default, with a plan's change. */
function settingsOf({ change }) {
  const { kind: _, ...settings } = evolutionSchema.parse({
    suite: 'bench',
    model: { name: 'none' },
    gate: change,
  }).gate;
  return settings;
}
