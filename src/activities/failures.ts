/** Errors of the stages, classified once for Temporal: what to retry, when, and what needs a person. */
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { EVERYONES, ModelError } from '../model/types.js';
import { RegistryError } from '../registry/error.js';
import { SandboxError } from '../sandbox/types.js';
import { StoreError } from '../store/error.js';
import { formatProblem, type Problem } from '../suite/problem.js';
import { InvalidTrial } from '../trial/run.js';
import { NEEDS_PERSON } from './types.js';

const MESSAGE_MAX = 2000;
const RETRY_DELAY_MS_MAX = 600_000;

/** Errors of the operating system that pass: too much at once, or a device that hiccups. */
const PASSING: ReadonlySet<string> = new Set([
  'EAGAIN',
  'EBUSY',
  'EINTR',
  'EIO',
  'EMFILE',
  'ENFILE',
  'ENOMEM',
]);

/** Input that no retry mends: the workflow fails at once with the fields in its message. */
export function badInput(problems: Problem[]): ApplicationFailure {
  const message = problems.map(formatProblem).join('\n').slice(0, MESSAGE_MAX);
  return withoutStack(ApplicationFailure.create({ type: 'BadInput', message, nonRetryable: true }));
}

export function toFailure(error: unknown): Error {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  if (error instanceof ModelError) return modelFailure(error);
  if (error instanceof InvalidTrial) return invalidTrial(error);
  const message = (error instanceof Error ? error.message : String(error)).slice(0, MESSAGE_MAX);
  if (error instanceof StoreError) {
    if (error.code === 'no-space' || error.code === 'no-access') return needsPerson(message);
    return ApplicationFailure.create({
      type: `Store.${error.code}`,
      message,
      nonRetryable: error.code !== 'io',
    });
  }
  if (error instanceof RegistryError) {
    if (error.code === 'conflict') return needsPerson(message);
    return ApplicationFailure.create({ type: 'Registry', message, nonRetryable: true });
  }
  if (error instanceof SandboxError) {
    if (error.kind === 'unavailable') return needsPerson(message);
    return ApplicationFailure.create({
      type: `Sandbox.${error.kind}`,
      message,
      nonRetryable: error.kind === 'unsupported',
    });
  }
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT') return needsPerson(message);
  return ApplicationFailure.create({
    type: 'Unexpected',
    message,
    nonRetryable: code === undefined || !PASSING.has(code),
  });
}

/** Another try may go well; the activity itself decides when there is none left. */
function invalidTrial(error: InvalidTrial): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'InvalidTrial',
    message: error.message.slice(0, MESSAGE_MAX),
    nonRetryable: false,
    ...(error.cause instanceof ModelError ? serversDelay(error.cause) : {}),
  });
}

function modelFailure(error: ModelError): Error {
  if (error.kind === 'cancelled') return new CancelledFailure(error.message);
  if (EVERYONES.has(error.kind)) return needsPerson(error.message);
  return ApplicationFailure.create({
    type: `Model.${error.kind}`,
    message: error.message.slice(0, MESSAGE_MAX),
    nonRetryable: !error.retryable,
    ...serversDelay(error),
  });
}

function serversDelay({ retryAfterMs }: ModelError): { nextRetryDelay?: number } {
  return retryAfterMs === null ? {} : { nextRetryDelay: Math.min(retryAfterMs, RETRY_DELAY_MS_MAX) };
}

/** The workflow pauses with this message until someone resumes it. */
export function needsPerson(message: string): ApplicationFailure {
  return withoutStack(
    ApplicationFailure.create({
      type: NEEDS_PERSON,
      message: message.slice(0, MESSAGE_MAX),
      nonRetryable: true,
    }),
  );
}

/** For sentences that are for people: where in our code they were made would only hide them. */
function withoutStack(failure: ApplicationFailure): ApplicationFailure {
  failure.stack = '';
  return failure;
}
