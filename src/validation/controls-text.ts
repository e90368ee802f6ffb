/** Control arms in words: what each row is, and what has to be said beside the figures. */
import type { Budget, ControlRow, ControlsFigures, Money, Outlay } from './controls.js';
import { compact, plural } from './words.js';

/** `best of 12 by vote, equal trials and dollars` */
export function controlLabel({ arm, equal, attempts }: ControlRow, money: Money): string {
  const tail = equal.length === 0 ? '' : `, ${budgets(equal, money)}`;
  switch (arm) {
    case 'evolved':
      return 'evolved harness';
    case 'no-op':
      return 'no-op: the seed again';
    case 'random-edit':
      return `random edits${tail}`;
    default:
      return `${arm.replace('best-of-n,', `best of ${attempts ?? 'n'}`)}${tail}`;
  }
}

export function controlNotes({ evolving, money, rows, search, votes }: ControlsFigures): string[] {
  const untold = rows.filter(({ attempts }) => attempts === null);
  const none = rows.filter(({ attempts }) => attempts === 0);
  const idle = rows.filter(({ arm, outlay }) => arm === 'random-edit' && outlay?.trials === 0);
  return [
    `Evolving took ${outlayText(evolving, money)}: what each control was given in its place. Differences are paired over tasks.`,
    ...(money === 'tokens' ? ['Not every price is known, so tokens stand for dollars.'] : []),
    ...(untold.length > 0
      ? [`What ${unitOf(money)} buy cannot be told: no valid trial of the seed has a cost.`]
      : []),
    ...(none.length > 0 ? ['A budget that does not buy one attempt at each task has no best of n.'] : []),
    ...(search
      ? [
          `Random edits: ${plural(search.rounds, 'round')} of the same gate, ${plural(search.edits, 'edit')}, ${plural(search.promoted, 'promotion')}.`,
        ]
      : []),
    ...idle.map(
      ({ equal }) => `No round of them ended within ${budgets(equal, money)}: there it is the seed.`,
    ),
    ...(votes
      ? [
          `By verifier is a bound, not a method: it knows the verdicts. By vote it is chosen by what files were left${votes.unknown > 0 ? `; those of ${votes.unknown} of ${votes.attempts} attempts are unknown, and each of these stood alone` : ''}.`,
        ]
      : []),
  ];
}

/** `812 trials and $12.30` */
export function outlayText(outlay: Outlay, money: Money): string {
  const cost = money === 'usd' ? outlay.usd : outlay.tokens;
  const trials = plural(outlay.trials, 'trial');
  if (cost === null) return trials;
  return `${trials} and ${money === 'usd' ? `$${cost.toFixed(2)}` : `${compact(cost)} tokens`}`;
}

function budgets(equal: readonly Budget[], money: Money): string {
  return `equal ${equal.map((budget) => (budget === 'trials' ? 'trials' : unitOf(money))).join(' and ')}`;
}

function unitOf(money: Money): string {
  return money === 'usd' ? 'dollars' : 'tokens';
}
