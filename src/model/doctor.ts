/** What `doctor` says of the models' endpoints: each is asked once, in bounded time. */
import type { EvolutionConfig, ModelConfig } from '../contract/config.js';
import { checkAddress, checkEndpoint, type EndpointCheck } from './check.js';
import { type EndpointChoice, resolveEndpoint } from './create.js';
import { ModelError, type ModelErrorKind } from './types.js';

export interface ModelCheck {
  check: string;
  ok: boolean;
  detail: string;
  /** The sentence that mends it; '' when it is fine. */
  remedy: string;
}

const SECONDS_MAX = 10;

const WRONG: Partial<Record<ModelErrorKind, string>> = {
  connection: 'not reached',
  timeout: 'no answer in time',
  authentication: 'the key is refused',
  quota: 'no quota left',
  'not-found': 'unknown model or address',
};

/** The endpoint of the environment, whatever the model. @param seconds longest wait */
export async function checkConfiguredEndpoint(
  env: NodeJS.ProcessEnv,
  seconds = SECONDS_MAX,
): Promise<ModelCheck> {
  const choice = { name: '', endpoint: { baseUrl: undefined, apiKeyEnv: 'OPENAI_API_KEY' } };
  if (!env.OPENAI_API_KEY?.trim() && !env.OPENAI_BASE_URL?.trim())
    return fine(
      'model endpoint',
      'none is set, the demo needs none. For a real model: export OPENAI_API_KEY=..., and OPENAI_BASE_URL=... where it is not OpenAI',
    );
  return report('model endpoint', choice, env, seconds, (signal) => checkAddress(choice, env, signal));
}

/** The endpoints of a configuration, with their models. @param seconds longest wait */
export function checkModels(
  { model, proposer }: Pick<EvolutionConfig, 'model' | 'proposer'>,
  env: NodeJS.ProcessEnv,
  seconds = SECONDS_MAX,
): Promise<ModelCheck[]> {
  const check = (name: string, config: ModelConfig) =>
    report(name, config, env, seconds, (signal) => checkEndpoint(config, env, signal));
  return Promise.all([
    check('model endpoint', model),
    ...(proposer ? [check("proposer's endpoint", proposer)] : []),
  ]);
}

async function report(
  check: string,
  choice: EndpointChoice,
  env: NodeJS.ProcessEnv,
  seconds: number,
  ask: (signal: AbortSignal) => Promise<EndpointCheck>,
): Promise<ModelCheck> {
  const note = missingKey(choice, env);
  if (note) return fine(check, `not asked. ${note}`);
  const limit = AbortSignal.timeout(seconds * 1000);
  const asked = await ask(limit);
  if (asked.ok) return fine(check, asked.detail);
  if (limit.aborted) {
    const address = resolveEndpoint(choice, env).names.baseUrl;
    const remedy = `Check that the server behind ${address} is up and not overloaded, or correct the address.`;
    return { check, ok: false, detail: `${address} did not answer within ${seconds} s`, remedy };
  }
  return { check, ok: false, detail: WRONG[asked.kind] ?? 'it does not work', remedy: asked.message };
}

/** A key that is not there is nothing broken: who looks at a machine may not have it at hand. */
function missingKey(choice: EndpointChoice, env: NodeJS.ProcessEnv): string | null {
  try {
    resolveEndpoint(choice, env);
    return null;
  } catch (error) {
    return error instanceof ModelError && error.kind === 'authentication' ? error.message : null;
  }
}

const fine = (check: string, detail: string): ModelCheck => ({ check, ok: true, detail, remedy: '' });
