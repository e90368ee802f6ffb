// What the bench of the gates shows people.
import Table from 'cli-table3';

const percent = (share, digits = 1) => (share * 100).toFixed(digits);
const range = ([low, high], digits = 1) => `(${percent(low, digits)} to ${percent(high, digits)})`;

export function worldTable(rows) {
  return table(
    ['tasks', 'world', 'gate', 'gain, points', 'trials', 'promotes, %', 'worse, %'],
    rows.map((row) => [
      row.tasks,
      row.world,
      row.gate,
      `${percent(row.gain, 2)} ${range(row.gainInterval, 2)}`,
      Math.round(row.trials),
      `${percent(row.promoted)} ${range(row.promotedInterval)}`,
      `${percent(row.worse, 2)} ${range(row.worseInterval, 2)}`,
    ]),
  );
}

export function summaryTable(rows) {
  return table(
    ['tasks', 'of the gain of paper', 'of its trials', 'no-ops promoted, %', 'worse at most, %'],
    rows.map((row) => [row.tasks, ...summaryCells(row)]),
  );
}

export function planTable(rows) {
  return table(
    [
      'plan',
      'of the gain of paper',
      'of its trials',
      'no-ops promoted, %',
      'worse at most, %',
      'trade: worse, %',
    ],
    rows.map((row) => [row.plan, ...summaryCells(row), percent(row.tradeWorse, 2)]),
  );
}

export function outcomeTable(rows) {
  return table(
    ['incumbent', 'one candidate is', 'truly, points', 'gate', 'promotes, %', 'trials'],
    rows.map((row) => [
      row.incumbent,
      row.candidate,
      percent(row.difference),
      row.gate,
      `${percent(row.promoted)} ${range(row.promotedInterval)}`,
      Math.round(row.trials),
    ]),
  );
}

function summaryCells({
  shareOfGain,
  shareOfTrials,
  promotedWithNoops,
  promotedWithNoopsInterval,
  worseAtMost,
}) {
  return [
    shareOfGain.toFixed(3),
    shareOfTrials.toFixed(3),
    `${percent(promotedWithNoops, 2)} ${range(promotedWithNoopsInterval, 2)}`,
    percent(worseAtMost, 2),
  ];
}

function table(head, rows) {
  const it = new Table({ head, style: { head: [], border: [], compact: true } });
  it.push(...rows);
  return String(it);
}
