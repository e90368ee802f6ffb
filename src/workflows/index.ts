export { ablateHarness } from './ablate-harness.js';
export { calibrateHarness } from './calibrate-harness.js';
export { evolveHarness } from './evolve-harness.js';
export { runControls } from './run-controls.js';
export { runRound } from './run-round.js';
export { runTrials } from './run-trials.js';
export { unseal } from './unseal.js';
