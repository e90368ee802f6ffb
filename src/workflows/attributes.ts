import { defineSearchAttributeKey, type SearchAttributeType } from '@temporalio/common';

/** Search attributes of every evolution, with their types in the CLI's spelling. */
export const SEARCH_ATTRIBUTES = {
  HarnessModel: 'Keyword',
  HarnessSuite: 'Keyword',
  HarnessPhase: 'Keyword',
  HarnessRound: 'Int',
  HarnessHeldIn: 'Double',
  HarnessHeldOut: 'Double',
} as const;

const key = <T extends SearchAttributeType>(name: keyof typeof SEARCH_ATTRIBUTES, type: T) =>
  defineSearchAttributeKey(name, type);

export const modelAttribute = key('HarnessModel', 'KEYWORD');
export const suiteAttribute = key('HarnessSuite', 'KEYWORD');
export const phaseAttribute = key('HarnessPhase', 'KEYWORD');
export const roundAttribute = key('HarnessRound', 'INT');
export const heldInAttribute = key('HarnessHeldIn', 'DOUBLE');
export const heldOutAttribute = key('HarnessHeldOut', 'DOUBLE');
