import type { ApplicationFailure } from '@temporalio/common';
import { badInput, toFailure } from '../../src/activities/failures.js';
import { noUsage } from '../../src/model/price.js';
import { ModelError, type ModelErrorKind } from '../../src/model/types.js';
import { SandboxError } from '../../src/sandbox/types.js';
import { StoreError } from '../../src/store/error.js';
import { InvalidTrial } from '../../src/trial/run.js';

const fakeFacts = () => {
  const nothing = { agent: null, trace: null, verifierOutput: null, usage: noUsage };
  return { startedAt: new Date(0), seconds: 1, ...nothing };
};
const failure = (error: unknown) => toFailure(error) as ApplicationFailure;

test.each<[ModelErrorKind, string, boolean]>([
  ['connection', 'Model.connection', false],
  ['timeout', 'Model.timeout', false],
  ['rate-limit', 'Model.rate-limit', false],
  ['server', 'Model.server', false],
  ['bad-request', 'Model.bad-request', true],
  ['context-length', 'Model.context-length', true],
  ['quota', 'NeedsPerson', true],
  ['authentication', 'NeedsPerson', true],
  ['not-found', 'NeedsPerson', true],
])('a model error of kind %s becomes %s', (kind, type, nonRetryable) => {
  expect(failure(new ModelError('said why', kind))).toMatchObject({
    type,
    nonRetryable,
    message: 'said why',
  });
});

test("the server's own delay is kept, within bounds", () => {
  expect(failure(new ModelError('slow down', 'rate-limit', { retryAfterMs: 7000 })).nextRetryDelay).toBe(
    7000,
  );
  expect(failure(new ModelError('slow down', 'rate-limit', { retryAfterMs: 1e9 })).nextRetryDelay).toBe(
    600_000,
  );
  const cause = new ModelError('slow down', 'rate-limit', { retryAfterMs: 7000 });
  const facts = fakeFacts();
  expect(failure(new InvalidTrial('model', true, facts, { cause })).nextRetryDelay).toBe(7000);
  expect(failure(new InvalidTrial('sandbox', true, facts)).nextRetryDelay).toBeUndefined();
});

test('a full disk and a missing sandbox wait for a person, a corrupt artifact does not', () => {
  expect(failure(new StoreError('no-space', 'disk full')).type).toBe('NeedsPerson');
  expect(failure(new SandboxError('no bwrap', 'unavailable')).type).toBe('NeedsPerson');
  expect(failure(new StoreError('corrupt', 'bad file'))).toMatchObject({
    type: 'Store.corrupt',
    nonRetryable: true,
  });
});

test('messages are bounded: a failure is a payload', () => {
  expect(failure(new Error('x'.repeat(100_000))).message.length).toBeLessThanOrEqual(2000);
});

test('bad input is final and says the fields', () => {
  const made = badInput([{ file: 'input', field: 'rounds', found: '0', expected: '1 or more' }]);
  expect(made).toMatchObject({ type: 'BadInput', nonRetryable: true });
  expect(made.message).toBe('input: rounds: found 0, expected 1 or more');
});

test('a full disk needs a person, too many open files pass, a fault of ours does neither', () => {
  const system = (code: string) => Object.assign(new Error(code), { code });
  expect(failure(system('ENOSPC')).type).toBe('NeedsPerson');
  expect(failure(system('EMFILE'))).toMatchObject({ type: 'Unexpected', nonRetryable: false });
  expect(failure(system('ENOENT'))).toMatchObject({ type: 'Unexpected', nonRetryable: true });
  expect(failure(new TypeError('undefined is not a function'))).toMatchObject({ nonRetryable: true });
});
