/** Live progress of an evolution: a block that redraws on a terminal, plain lines where there is none. */
import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import type { Snapshot } from '../client/evolutions.js';
import { formatCount, formatDifference, formatDuration } from '../report/format.js';
import { calibrationLines } from '../validation/calibration-text.js';
import type { RoundResult } from '../workflows/types.js';
import { cut, wrap } from './wrap.js';

export interface ProgressView {
  show(snapshot: Snapshot): void;
  /** Ends the block. */
  end(): void;
}

const BAR_WIDTH = 24;
/** Trials of a batch from which its pace is told. */
const PACE_TRIALS_MIN = 8;
const WEAKNESSES_SHOWN = 4;

/** @param resume the command that goes on after a pause */
export function createProgress(resume: string, stream: NodeJS.WriteStream = process.stderr): ProgressView {
  return stream.isTTY ? blockView(resume, stream) : lineView(resume, stream);
}

function blockView(resume: string, stream: NodeJS.WriteStream): ProgressView {
  const update = createLogUpdate(stream);
  const timeLeft = createPace();
  const news = createNews();
  return {
    show(snapshot) {
      const lines = news(snapshot);
      if (lines.length > 0) {
        update.clear();
        stream.write(`${wrap(lines.join('\n'), stream)}\n`);
      }
      update(blockLines(snapshot, resume, timeLeft(snapshot), stream.columns ?? 80).join('\n'));
    },
    end() {
      update.clear();
      update.done();
    },
  };
}

/** One line per phase and quarter of a batch, one per round: a log that stays readable. */
function lineView(resume: string, stream: NodeJS.WriteStream): ProgressView {
  let last = '';
  const news = createNews();
  return {
    show(snapshot) {
      for (const line of news(snapshot)) stream.write(`${line}\n`);
      const { state, batch } = snapshot;
      const quarter = batch && batch.total > 0 ? Math.floor((batch.done / batch.total) * 4) : 0;
      const key = `${state.round}/${state.phase}/${state.paused}/${batch?.purpose}/${quarter}`;
      if (key === last) return;
      last = key;
      const paused = state.paused === null ? '' : `paused: ${state.paused}; go on with: ${resume}`;
      stream.write(`${[where(snapshot), paused, batchText(snapshot)].filter(Boolean).join(': ')}\n`);
    },
    end() {},
  };
}

/** What came to an end since it was last asked, said once. */
function createNews(): (snapshot: Snapshot) => string[] {
  let shownRounds = 0;
  let shownCalibration = '';
  return ({ state }) => {
    const calibration = state.calibration ? calibrationLines(state.calibration).join('\n') : '';
    const fresh = calibration === shownCalibration ? [] : calibration.split('\n');
    const rounds = state.rounds.slice(shownRounds).flatMap(roundLines);
    shownRounds = state.rounds.length;
    shownCalibration = calibration;
    return [...(calibration === '' ? [] : fresh), ...rounds];
  };
}

function blockLines(snapshot: Snapshot, resume: string, left: string, columns: number): string[] {
  const { state, round, batch } = snapshot;
  const line = (text: string) => cut(text, columns - 1);
  const lines = [pc.bold(line(where(snapshot)))];
  if (state.paused !== null)
    lines.push(pc.yellow(line(`paused: ${state.paused}`)), pc.yellow(line(`go on with: ${resume}`)));
  if (batch) lines.push(line(`${bar(batch.done, batch.total)} ${batchText(snapshot)}${left}`));
  for (const weakness of round?.weaknesses.slice(0, WEAKNESSES_SHOWN) ?? [])
    lines.push(pc.dim(line(`weakness  ${weakness.id}, ${weakness.support} failed`)));
  const more = (round?.weaknesses.length ?? 0) - WEAKNESSES_SHOWN;
  if (more > 0) lines.push(pc.dim(`          and ${more} more`));
  for (const { id, surface, decision, summary, reason } of round?.proposals ?? [])
    lines.push(pc.dim(line(`proposal  ${id} ${surface ?? decision}: ${summary || reason}`)));
  lines.push(pc.dim(line(spendText(snapshot))));
  return lines;
}

/** Of the whole evolution so far: finished rounds, the round or step under way, and its batch. */
export function spendText({ state, round, step, batch }: Snapshot): string {
  const parts = [state.spend, round?.spend, step?.spend, batch?.spend].filter((spend) => spend !== undefined);
  const sum = (pick: (spend: (typeof parts)[number]) => number) =>
    parts.reduce((n, part) => n + pick(part), 0);
  const tokens = formatCount(sum((spend) => spend.promptTokens + spend.completionTokens));
  const usd = parts.some((spend) => spend.usd !== null)
    ? `, $${sum((spend) => spend.usd ?? 0).toFixed(2)}`
    : '';
  const time = formatDuration((Date.now() - state.startedAt) / 1000);
  return `so far ${sum((spend) => spend.trials)} trials, ${tokens} tokens${usd}, ${time}`;
}

function where({ state, batch }: Snapshot): string {
  if (!state.prepared) return 'preparing: validating the configuration, freezing the contract';
  const { name, model, rounds } = state.prepared;
  if (state.phase === 'calibrating') return `${name} (${model})  the incumbent against itself`;
  const last: Record<string, string> = {
    measuring: 'final measurement',
    controlling: ['control arms', batch?.purpose.split('/controls/')[1]].filter(Boolean).join(': '),
    unsealing: 'sealed split',
  };
  const round = last[state.phase] ?? `round ${state.round} of ${rounds}`;
  return `${name} (${model})  ${round}  ${state.phase}`;
}

function batchText({ batch }: Snapshot): string {
  if (!batch) return '';
  const rate = batch.done > 0 ? `, ${Math.round((batch.passed / batch.done) * 100)} % passed` : '';
  const invalid = batch.spend.invalid > 0 ? `, ${batch.spend.invalid} invalid` : '';
  return `${batch.done} of ${batch.total} trials${rate}${invalid}`;
}

/** How long the batch under way still takes at the pace seen since it was first looked at. */
function createPace(): (snapshot: Snapshot) => string {
  let began = { purpose: '', done: 0, at: 0 };
  return ({ state, batch }) => {
    const paused = state.paused !== null;
    if (!batch || paused || batch.purpose !== began.purpose)
      began = { purpose: batch && !paused ? batch.purpose : '', done: batch?.done ?? 0, at: Date.now() };
    const done = (batch?.done ?? 0) - began.done;
    if (!batch || done < PACE_TRIALS_MIN || batch.done === batch.total) return '';
    const seconds = ((Date.now() - began.at) / 1000 / done) * (batch.total - batch.done);
    return `, about ${formatDuration(seconds)} left`;
  };
}

function bar(done: number, total: number): string {
  const filled = total === 0 ? 0 : Math.round((done / total) * BAR_WIDTH);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
}

/** What a finished round came to. */
export function roundLines(round: RoundResult): string[] {
  const color = round.decision === 'promoted' ? pc.green : pc.yellow;
  const lines = [`${pc.bold(`round ${round.round}`)}  ${color(round.decision)}: ${round.reason}`];
  if (round.comparison) {
    lines.push(
      `  heldIn  ${formatDifference(round.comparison.heldIn.difference)}`,
      `  heldOut ${formatDifference(round.comparison.heldOut.difference)}${round.heldOutUses === null ? '' : `, use ${round.heldOutUses} of these tasks`}`,
    );
  }
  for (const note of round.notes) lines.push(pc.yellow(`  ${note}`));
  for (const proposal of round.proposals) {
    const what = proposal.surface ? `${proposal.surface}: ${proposal.summary}` : proposal.weakness;
    lines.push(`  ${proposal.id} ${proposal.decision.padEnd(9)} ${what}`);
  }
  return lines;
}
