// Plans that the gate `confirmed` can be set to: what was tried beside the chosen one. Each is a change of its settings.
const even = (value) => Array.from({ length: 5 }, () => value);
const EARLIER = {
  screen: { minDifferences: [-1, -1, 0.15] },
  confirm: {
    alphas: [0.03, 0.05, 0.06, 0.08, 0.1],
    futility: 0.01,
    targets: { extraAttempts: 0, weight: 1, futility: -1 },
  },
};

export const PLANS = [
  { name: 'as chosen', change: {} },
  { name: 'all tasks alike, screen in one step', change: EARLIER },
  {
    name: 'the same, screen of 4 attempts',
    change: { ...EARLIER, screen: { minDifferences: [-1, -1, -1, 0.15] } },
  },
  { name: 'screen in one step', change: { screen: { minDifferences: [-1, -1, 0.12] } } },
  { name: 'screen at .10', change: { screen: { minDifferences: [0, 0.05, 0.1] } } },
  { name: 'screen at .15', change: { screen: { minDifferences: [0, 0.05, 0.15] } } },
  { name: 'screen of 2 attempts', change: { screen: { minDifferences: [0, 0.12] } } },
  { name: 'screen of 4 attempts', change: { screen: { minDifferences: [0, 0.05, 0.1, 0.12] } } },
  { name: 'targets weigh 1', change: { confirm: { targets: { weight: 1 } } } },
  { name: 'targets weigh 4', change: { confirm: { targets: { weight: 4 } } } },
  { name: 'targets not ahead', change: { confirm: { targets: { extraAttempts: 0 } } } },
  { name: 'targets ahead by 5', change: { confirm: { targets: { extraAttempts: 5 } } } },
  { name: 'no futility on targets', change: { confirm: { targets: { futility: -1 } } } },
  { name: 'futility at +1 point', change: { confirm: { futility: 0.01 } } },
  { name: 'levels x 1.5', change: { confirm: { alphas: [0.03, 0.0525, 0.075, 0.0975, 0.12] } } },
  { name: 'levels x .5', change: { confirm: { alphas: [0.01, 0.0175, 0.025, 0.0325, 0.04] } } },
  { name: 'levels even', change: { confirm: { alphas: even(0.05) } } },
  { name: '4 looks', change: { confirm: { looks: [1, 2, 3, 4], alphas: [0.02, 0.035, 0.05, 0.065] } } },
  { name: 'agreed tasks always again', change: { confirm: { agreedShare: 1 } } },
  { name: 'agreed tasks again at .1', change: { confirm: { agreedShare: 0.1 } } },
  { name: 'margin 2 points', change: { confirm: { margin: 0.02 } } },
];
