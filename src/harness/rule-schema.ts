/** The surface `rules`: on an event, when a CEL expression holds, act. */
import { z } from 'zod';
import { order, seconds, text } from './fields.js';

export const RULE_EVENTS = ['start', 'before-model', 'before-tool', 'after-tool', 'before-finish'] as const;
export type RuleEvent = (typeof RULE_EVENTS)[number];

/** Actions that make sense at one event only; the others go with all of them. */
const ONLY_AT: Partial<Record<string, RuleEvent>> = {
  block: 'before-tool',
  'refuse-finish': 'before-finish',
};

const named = <Name extends string>(name: Name) => z.literal(name).describe('Which action it is.');

const action = z.discriminatedUnion('action', [
  z
    .strictObject({ action: named('inject'), message: text(4000).min(1).describe('The message.') })
    .describe('Puts a message before the model.'),
  z
    .strictObject({
      action: named('block'),
      message: text(4000).min(1).describe('What the model gets as result.'),
    })
    .describe('before-tool only: the call is not run; the message is its result.'),
  z
    .strictObject({
      action: named('refuse-finish'),
      message: text(4000).min(1).describe('What the model is told.'),
    })
    .describe('before-finish only: the run goes on.'),
  z
    .strictObject({
      action: named('run'),
      command: text(4000).min(1).describe('Shell command, run in the sandbox.'),
      timeoutSeconds: seconds(600).default(60).describe('Seconds after which it is killed.'),
    })
    .describe('Runs a command in the sandbox and shows its output to the model.'),
  z
    .strictObject({
      action: named('stop'),
      message: text(1000).default('').describe('Reason, kept in the trace.'),
    })
    .describe('Ends the run.'),
]);

export const ruleSchema = z
  .strictObject({
    description: text(500).default('').describe('What it is for.'),
    order: order.describe('Rules of one event act in this order; equal orders go by name.'),
    on: z.enum(RULE_EVENTS).describe('The event.'),
    when: text(2000)
      .min(1)
      .default('true')
      .describe('CEL expression of type bool over the documented variables.'),
    do: z.array(action).min(1).max(4).describe('What is done, in order.'),
    limit: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .nullable()
      .default(null)
      .describe('Times it may act in a trial; null: no limit.'),
    cooldown: z
      .number()
      .int()
      .min(0)
      .max(1000)
      .default(0)
      .describe('Tool calls that must pass before it acts again.'),
  })
  .superRefine((rule, context) => {
    rule.do.forEach((act, index) => {
      const event = ONLY_AT[act.action];
      if (event === undefined || event === rule.on) return;
      context.addIssue({
        code: 'custom',
        path: ['do', index, 'action'],
        message: `${act.action} only in a rule on ${event}, and this one is on ${rule.on}`,
      });
    });
  });

export type RuleAction = z.infer<typeof action>;
