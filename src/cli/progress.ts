/** Live progress of an evolution: a block that redraws on a terminal, plain lines where there is none. */
import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import type { Snapshot } from '../client/evolutions.js';
import { formatDuration, formatForecast, formatSpend } from '../report/format.js';
import { forecastOf } from '../workflows/forecast.js';
import { addSpend, isNothing, NO_SPEND } from '../workflows/spend.js';
import type { Spend } from '../workflows/types.js';
import { createNews } from './news.js';
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

/** What to type, as the person in front can. */
export interface ProgressCommands {
  /** Goes on after a pause. */
  resume: string;
  /** Shows the whole of the evolution. */
  report: string;
}

export function createProgress(
  commands: ProgressCommands,
  stream: NodeJS.WriteStream = process.stderr,
): ProgressView {
  return stream.isTTY ? blockView(commands, stream) : lineView(commands, stream);
}

function blockView({ resume, report }: ProgressCommands, stream: NodeJS.WriteStream): ProgressView {
  const update = createLogUpdate(stream);
  const timeLeft = createPace();
  const news = createNews(report);
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
function lineView({ resume, report }: ProgressCommands, stream: NodeJS.WriteStream): ProgressView {
  let last = '';
  const news = createNews(report);
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
  const forecast = forecastText(snapshot);
  lines.push(...[spendText(snapshot), ...(forecast ? [forecast] : [])].map((text) => pc.dim(line(text))));
  return lines;
}

/** Of the whole evolution so far: finished rounds, the round or step under way, and its batch. */
export function spendText({ state, ...children }: Snapshot): string {
  const spend = [state.spend, underWay(children)].reduce(addSpend);
  const { earlier } = state.prepared ?? { earlier: NO_SPEND };
  const before = isNothing(earlier) ? '' : `; before this run ${formatSpend(earlier)}`;
  return `so far ${formatSpend(spend)}, ${formatDuration((Date.now() - state.startedAt) / 1000)}${before}`;
}

/** What the whole evolution will have cost at its end; null: nothing to tell it by yet. */
export function forecastText({ state, ...children }: Snapshot): string | null {
  const forecast = forecastOf(state, underWay(children));
  return forecast && `forecast for the whole: ${formatForecast(forecast, state.prepared!.budget)}`;
}

/** Not in the state yet. */
function underWay({ round, step, batch }: Omit<Snapshot, 'state'>): Spend {
  return [round?.spend, step?.spend, batch?.spend]
    .filter((spend) => spend !== undefined)
    .reduce(addSpend, NO_SPEND);
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
