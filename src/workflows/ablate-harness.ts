/** `ablateHarness`: each promoted edit left out in turn; with `prune`, those that no longer help go. */
import { setCurrentDetails, setHandler, startChild, workflowInfo } from '@temporalio/workflow';
import { ABLATE, type AblationVerdict, ablationStep, overallDifference } from '../validation/ablation.js';
import { type GateEvent, INCUMBENT } from '../validation/types.js';
import { ablationLines } from './ablation-lines.js';
import type {
  AblateInput,
  AblationPass,
  AblationPlan,
  AblationResult,
  AblationView,
} from './ablation-types.js';
import { Batches } from './batches.js';
import { onceFree } from './children.js';
import { gatePlan, nextStep } from './gate-loop.js';
import { isDocument, refuse } from './inputs.js';
import { ablationQuery } from './messages.js';
import { light } from './proxies.js';
import { Purse } from './purse.js';
import { NO_SPEND } from './spend.js';
import { createSteering, type Steering, StopRequested } from './steering.js';
import { handleSteering } from './steering-updates.js';
import type { Prepared } from './types.js';

export async function ablateHarness(input: AblateInput): Promise<AblationResult> {
  if (!isDocument(input))
    throw refuse('(document): expected {name, registry, prune, concurrency, allowance}');
  return new Ablation(await light.prepareAblation(input)).run();
}

/** As the last step of the evolution that calls it. @param onChild told its workflow id, and null when it is over */
export async function ablateAsChild(
  { name, registry, ablation, concurrency }: Prepared,
  purse: Purse,
  steering: Steering,
  onChild: (workflowId: string | null) => void,
): Promise<AblationResult> {
  const workflowId = `${workflowInfo().workflowId}/ablate`;
  const allowance = purse.left;
  const child = await onceFree(() =>
    startChild(ablateHarness, {
      workflowId,
      args: [{ name, registry, prune: ablation === 'prune', concurrency, allowance }],
      staticSummary: `${name}: each promoted edit left out in turn`,
    }),
  );
  onChild(workflowId);
  const result = await purse.lend(child, allowance, () => steering.follow(child));
  onChild(null);
  purse.charge(result, {});
  return result;
}

/** Not an error: the budget is used up or people said stop. */
class AblationEnd {
  constructor(readonly status: 'stopped' | 'budget-stopped') {}
}

class Ablation {
  private readonly steering: Steering;
  private readonly purse: Purse;
  private readonly batches: Batches;
  private readonly view: AblationView = { pass: 0, batch: null, paused: null, spend: NO_SPEND };
  private readonly passes: AblationPass[] = [];
  private batchCount = 0;

  constructor(private readonly plan: AblationPlan) {
    this.steering = createSteering(() => this.publish());
    handleSteering(this.steering);
    const { contract, concurrency, trialSeconds, allowance } = plan;
    this.purse = new Purse({ allowance, lanes: concurrency }, this.steering);
    const fixed = { contract, concurrency, trialSeconds, call: { tokens: 0, usd: 0 } };
    this.batches = new Batches(fixed, this.steering, this.purse, (batch) => {
      this.view.batch = batch;
    });
    setHandler(ablationQuery, () => this.view, { description: 'Where leaving one out stands.' });
    this.publish();
  }

  async run(): Promise<AblationResult> {
    const { final, removed, edits } = this.plan;
    if (edits.length === removed.length) return this.result('finished', final, [], null);
    try {
      const pruned = await this.leaveOut();
      const all = [...removed, ...pruned];
      const harness = pruned.length > 0 ? this.harnessWithout(pruned) : final;
      const record = await this.steering.persistToEnd(() =>
        light.recordAblation({
          plan: this.planOfRecord(),
          passes: this.passes,
          pruned,
          removed: all,
          harness,
          reason: this.reasonOf(pruned),
        }),
      );
      return this.result('finished', harness, pruned, record);
    } catch (error) {
      const end = error instanceof StopRequested ? new AblationEnd('stopped') : error;
      if (!(end instanceof AblationEnd)) throw error;
      return this.result(end.status, final, [], null);
    }
  }

  /**
   * Edits that go. After the first of them, the others have to prove themselves idle again without it, on fresh attempts:
   * two edits of which either suffices are each idle while the other is there. Every pass compares with the harness that
   * has them all, so what is lost in the end is bounded by one margin, not by one for each edit.
   */
  private async leaveOut(): Promise<string[]> {
    const removed = [...this.plan.removed];
    const pruned: string[] = [];
    let open = this.plan.edits.map(({ id }) => id).filter((id) => !removed.includes(id));
    while (open.length > 0) {
      const { verdicts } = await this.runPass([...removed, ...pruned], open);
      const idle = verdicts.filter(({ decision }) => decision === 'idle').sort(byDifference);
      const [best] = idle;
      if (!this.plan.prune || !best) break;
      pruned.push(best.arm);
      open = idle.slice(1).map(({ arm }) => arm);
    }
    return pruned;
  }

  private async runPass(removed: string[], edits: string[]): Promise<AblationPass> {
    this.view.pass += 1;
    this.publish();
    const { steps, final } = this.plan;
    const { arms, skipped } = await this.steering.persist(() =>
      light.leaveOut({ steps, final, removed, edits }),
    );
    const verdicts = arms.length > 0 ? await this.judge(arms) : [];
    const pass = { removed, arms, skipped, verdicts };
    this.passes.push(pass);
    return pass;
  }

  private async judge(arms: AblationPass['arms']): Promise<AblationVerdict[]> {
    const { final, name } = this.plan;
    const harnesses = new Map([[INCUMBENT, final], ...arms.map(({ id, harness }) => [id, harness] as const)]);
    const candidates = arms.map(({ id }) => ({ arm: id, targets: [] }));
    const plan = gatePlan(this.plan, candidates, this.view.pass);
    const events: GateEvent[] = [];
    for (;;) {
      const step = nextStep(ablationStep, plan, events);
      if (step.kind === 'verdicts') return step.verdicts;
      await this.steering.clear();
      if (this.steering.stopping) throw new AblationEnd('stopped');
      const { scores, complete } = await this.batches.run({
        stage: ABLATE,
        childId: `pass-${this.view.pass}-${++this.batchCount}`,
        // Attempts are fresh for each harness that edits are left out of, and for each pass.
        purpose: `${name}/ablate-${final.slice(0, 12)}/${this.view.pass}`,
        requests: step.requests,
        harnesses,
      });
      this.publish();
      if (!complete) throw new AblationEnd(this.steering.stopping ? 'stopped' : 'budget-stopped');
      events.push({ kind: 'scores', scores });
    }
  }

  private harnessWithout(pruned: readonly string[]): string {
    const last = pruned.at(-1)!;
    const pass = this.passes[pruned.length - 1]!;
    return pass.arms.find(({ id }) => id === last)!.harness;
  }

  private planOfRecord() {
    const { name, contract, registry, final, edits, heldOut } = this.plan;
    return { name, contract, registry, final, edits, heldOut };
  }

  private reasonOf(pruned: readonly string[]): string {
    const verdicts = pruned.map((id, pass) => {
      const verdict = this.passes[pass]!.verdicts.find(({ arm }) => arm === id)!;
      return `${id}: ${verdict.reason}`;
    });
    if (verdicts.length > 0) return `Pruned ${pruned.join(', ')}. ${verdicts.join(' ')}`;
    const idle = this.passes[0]!.verdicts.filter(({ decision }) => decision === 'idle');
    return idle.length === 0
      ? 'No edit was shown to be idle: all stay.'
      : `Shown to be idle, each by itself: ${idle.map(({ arm }) => arm).join(', ')}. Nothing was pruned.`;
  }

  private result(
    status: AblationResult['status'],
    harness: string,
    pruned: readonly string[],
    record: string | null,
  ): AblationResult {
    const { name, contract, final, edits, removed } = this.plan;
    const lines = ablationLines(edits, removed, this.passes, pruned);
    return { status, name, contract, final, harness, edits: lines, record, ...this.purse.bill };
  }

  private publish(): void {
    this.view.paused = this.steering.paused;
    this.view.spend = this.purse.spend;
    const paused = this.view.paused === null ? '' : `, paused: ${this.view.paused}`;
    setCurrentDetails(
      `leaving out ${this.plan.edits.length} edits one by one: pass ${this.view.pass}, ${this.view.spend.trials} trials${paused}`,
    );
  }
}

/** Least lost without it first; what could not be measured last. */
function byDifference(a: AblationVerdict, b: AblationVerdict): number {
  return (overallDifference(b.comparison) ?? -2) - (overallDifference(a.comparison) ?? -2);
}
