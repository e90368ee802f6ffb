/** Live progress of an evolution: a block that redraws on a terminal, plain lines where there is none. */
import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import type { Snapshot } from '../client/evolutions.js';
import type { RoundResult } from '../workflows/types.js';
import { formatDifference, formatDuration, formatSpend } from './format.js';

export interface ProgressView {
  show(snapshot: Snapshot): void;
  /** Leaves what was shown and ends the block. */
  end(): void;
}

const BAR_WIDTH = 24;

export function createProgress(stream: NodeJS.WriteStream = process.stderr): ProgressView {
  return stream.isTTY ? blockView(stream) : lineView(stream);
}

function blockView(stream: NodeJS.WriteStream): ProgressView {
  const update = createLogUpdate(stream);
  let shownRounds = 0;
  return {
    show(snapshot) {
      const { rounds } = snapshot.state;
      for (const round of rounds.slice(shownRounds)) {
        update.clear();
        stream.write(`${roundLines(round).join('\n')}\n`);
      }
      shownRounds = rounds.length;
      update(blockLines(snapshot).join('\n'));
    },
    end() {
      update.clear();
      update.done();
    },
  };
}

/** One line per phase and quarter of a batch, one per round: a log that stays readable. */
function lineView(stream: NodeJS.WriteStream): ProgressView {
  let last = '';
  let shownRounds = 0;
  return {
    show(snapshot) {
      for (const round of snapshot.state.rounds.slice(shownRounds))
        stream.write(`${roundLines(round).join('\n')}\n`);
      shownRounds = snapshot.state.rounds.length;
      const { state, batch } = snapshot;
      const quarter = batch && batch.total > 0 ? Math.floor((batch.done / batch.total) * 4) : 0;
      const key = `${state.round}/${state.phase}/${state.paused}/${batch?.purpose}/${quarter}`;
      if (key === last) return;
      last = key;
      stream.write(`${[where(snapshot), batchText(snapshot)].filter(Boolean).join(': ')}\n`);
    },
    end() {},
  };
}

function blockLines(snapshot: Snapshot): string[] {
  const { state, round, batch } = snapshot;
  const lines = [pc.bold(where(snapshot))];
  if (state.paused !== null)
    lines.push(pc.yellow(`paused: ${state.paused}`), 'go on with: self-harness resume NAME');
  if (batch) lines.push(`${bar(batch.done, batch.total)} ${batchText(snapshot)}`);
  for (const weakness of round?.weaknesses.slice(0, 4) ?? []) {
    lines.push(pc.dim(`weakness  ${weakness.id}, ${weakness.support} failed`));
  }
  for (const proposal of round?.proposals ?? []) {
    lines.push(
      pc.dim(
        `proposal  ${proposal.id} ${proposal.surface ?? proposal.decision}: ${proposal.summary || proposal.reason}`,
      ),
    );
  }
  const spent = round ? round.spend : state.spend;
  lines.push(
    pc.dim(
      `${round ? 'this round' : 'spent'}: ${formatSpend(spent)}, ${formatDuration((Date.now() - state.startedAt) / 1000)} so far`,
    ),
  );
  return lines.map((line) => line.replace(/\n/g, ' ').slice(0, 200));
}

function where({ state }: Snapshot): string {
  if (!state.prepared) return 'preparing: validating the configuration, freezing the contract';
  const round =
    state.phase === 'measuring' ? 'final measurement' : `round ${state.round} of ${state.prepared.rounds}`;
  return `${state.prepared.name}  ${round}  ${state.phase}`;
}

function batchText({ batch }: Snapshot): string {
  if (!batch) return '';
  const rate = batch.done > 0 ? `, ${Math.round((batch.passed / batch.done) * 100)} % passed` : '';
  const invalid = batch.spend.invalid > 0 ? `, ${batch.spend.invalid} invalid` : '';
  return `${batch.done} of ${batch.total} trials${rate}${invalid}`;
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
      `  heldOut ${formatDifference(round.comparison.heldOut.difference)}`,
    );
  }
  for (const proposal of round.proposals) {
    const what = proposal.surface ? `${proposal.surface}: ${proposal.summary}` : proposal.weakness;
    lines.push(`  ${proposal.id} ${proposal.decision.padEnd(9)} ${what}`);
  }
  return lines;
}
