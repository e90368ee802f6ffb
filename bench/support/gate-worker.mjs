// Plays rounds of one gate in one world on a thread of its own, and answers with their sums.
import { parentPort } from 'node:worker_threads';
import { evolutionSchema } from '../../dist/contract/config.js';
import { seededRandom } from '../../dist/validation/random.js';
import { simulateRound } from '../../dist/validation/simulate.js';
import { drawOutcomeRound, PAIRS } from './gate-outcomes.mjs';
import { drawRound, WORLDS } from './gate-worlds.mjs';

/** The settings that an evolution has by default. */
const { kind: _, ...SETTINGS } = evolutionSchema.parse({ suite: 'bench', model: { name: 'none' } }).gate;

parentPort.on('message', (job) => parentPort.postMessage(play(job)));

/** @param job {gate, world | pair, tasks, from, to}: indexes into the lists of worlds and pairs; rounds from..to-1 */
function play({ gate, world, pair, tasks, from, to }) {
  const sums = { rounds: to - from, gain: 0, gainSquares: 0, trials: 0, promoted: 0, worse: 0 };
  for (let round = from; round < to; round++) {
    // The same world for both gates; its trials fall as they may.
    const seed = `${world ?? `pair-${pair}`}/${tasks}/${round}`;
    const random = seededRandom(`${seed}/world`);
    const drawn =
      pair === undefined
        ? drawRound(WORLDS[world], tasks, seed, random)
        : drawOutcomeRound(PAIRS[pair], seed, random);
    const plan = { ...drawn.plan, gate, settings: SETTINGS };
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
