/** Lets the rules of a harness act: what fires at an event comes back as effects, which the loop carries out in order. */
import type { RuleContext } from '../harness/rule-context.js';
import type { RuleEngine } from '../harness/rules.js';
import type { RuleEvent } from '../harness/schema.js';
import type { StepExtra } from '../trace/types.js';
import { clipEnd } from './text.js';

export interface RuleEffects {
  /** Messages for the model, in order: injected ones and outputs of commands. */
  messages: string[];
  /** The rule that blocked the call, and the result that the call gets. */
  blocked: { rule: string; message: string } | null;
  /** What the model is told instead of being let go. */
  refused: string | null;
  stopped: { rule: string; message: string } | null;
  fired: NonNullable<StepExtra['rules']>;
  errors: NonNullable<StepExtra['rule_errors']>;
}

const NOTHING: RuleEffects = {
  messages: [],
  blocked: null,
  refused: null,
  stopped: null,
  fired: [],
  errors: [],
};
/** Errors that are written down in a trial; a rule that fails at each event would fill the trace. */
const MAX_ERRORS = 50;

export class RuleRunner {
  #errors = 0;
  readonly #events: ReadonlySet<RuleEvent>;

  constructor(
    private readonly engine: RuleEngine,
    events: Iterable<RuleEvent>,
    /** Runs a rule's command in the sandbox; gives what the model is shown of it. */
    private readonly runCommand: (command: string, timeoutSeconds: number) => Promise<string>,
  ) {
    this.#events = new Set(events);
  }

  /** Evaluates the rules of `event` and carries out their commands. A `stop` ends it: later actions are not done. */
  async at(event: RuleEvent, context: () => RuleContext): Promise<RuleEffects> {
    if (!this.#events.has(event)) return NOTHING;
    const { fired, errors } = this.engine.evaluate(event, context());
    const effects: RuleEffects = { ...NOTHING, messages: [], fired: [], errors: [] };
    for (const { rule, message } of errors) {
      this.#errors += 1;
      if (this.#errors <= MAX_ERRORS) effects.errors.push({ rule, message: clipEnd(message, 500) });
    }
    for (const { rule, actions } of fired) {
      effects.fired.push({ rule, event, actions: actions.map(({ action }) => action) });
      for (const action of actions) {
        switch (action.action) {
          case 'inject':
            effects.messages.push(action.message);
            break;
          case 'run':
            effects.messages.push(await this.runCommand(action.command, action.timeoutSeconds));
            break;
          case 'block':
            effects.blocked ??= { rule, message: action.message };
            break;
          case 'refuse-finish':
            effects.refused =
              effects.refused === null ? action.message : `${effects.refused}\n${action.message}`;
            break;
          case 'stop':
            effects.stopped = { rule, message: action.message };
            return effects;
        }
      }
    }
    return effects;
  }
}
