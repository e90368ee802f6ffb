/** What went wrong between the model and its tools, and between the model and its memory. */
import { type Call, onlyLooks, type TrialView } from '../calls.js';
import { count, type Detector, finding, recovered } from './finding.js';

const CALL_MARKUP =
  /<\/?(?:tool_calls?|function_calls?|tool_use|invoke|parameter|arguments?|function(?:=\w+)?)\b[^>\n]{0,80}>|<\|[a-z_]{2,30}\|>|\[TOOL_CALLS?\]/i;

/** Calls that could not be read, calls written out as text, and markup of calls left in what was written. */
export const malformedToolCalls: Detector = (view) => {
  const broken = view.calls.filter((call) => call.malformed !== '');
  const leaked = view.calls.filter((call) =>
    call.content !== '' ? leaks(call.content) : leaks(call.command),
  );
  const spoken = view.steps.filter(
    (step) =>
      step.source === 'agent' &&
      (step.tool_calls ?? []).length === 0 &&
      CALL_MARKUP.test(step.message.slice(0, 20_000)),
  ).length;
  const total = broken.length + leaked.length + spoken;
  if (total === 0 && view.stop !== 'model-broken') return null;

  const share = total / Math.max(1, view.calls.length + spoken);
  const found = finding(
    'malformed-tool-call',
    view.stop === 'model-broken'
      ? 0.9
      : total >= 3 || share >= 0.25
        ? 0.8
        : leaked.length > 0
          ? 0.7
          : total === 2
            ? 0.5
            : 0.3,
    `${count(broken.length, 'call')} could not be read, ${spoken} written as text, ${leaked.length} with markup of calls in what they wrote.`,
    [...broken, ...leaked],
  );
  const lastBroken = broken.at(-1)?.index ?? 0;
  const rightAfter = view.calls.filter((call) => call.index > lastBroken && !call.failed).length;
  const over =
    leaked.length === 0 && spoken === 0 && view.stop !== 'model-broken' && rightAfter >= 5 * broken.length;
  return over ? recovered(found) : found;
};

/** Markup at the edge of a text came from the call around it; in the middle it may belong there. */
function leaks(text: string): boolean {
  return CALL_MARKUP.test(text.slice(0, 60)) || CALL_MARKUP.test(text.slice(-60));
}

/** The context overflowed, or was condensed and the agent did again what it had done. */
export const lostContext: Detector = (view) => {
  if (view.stop === 'context-overflow')
    return finding('lost-context', 0.8, 'The context overflowed and ended the trial.', bulky(view));
  const boundary = view.steps.find((step) => step.extra?.context_management?.type === 'compaction')?.step_id;
  if (boundary === undefined) return null;
  const before = new Set(
    view.calls.filter((call) => call.step < boundary && onlyLooks(call)).map((call) => call.key),
  );
  const again = view.calls.filter((call) => call.step > boundary && before.has(call.key));
  if (again.length < 3) return null;
  return finding(
    'lost-context',
    0.6,
    `After its context was condensed it repeated ${count(again.length, 'earlier look')}.`,
    again,
  );
};

function bulky(view: TrialView): Call[] {
  return [...view.calls].sort((a, b) => b.output.length - a.output.length).slice(0, 3);
}
