/** A cheap probe of an endpoint, for the start of an evolution and for `doctor`. */
import type { ModelConfig } from '../contract/config.js';
import {
  createChatModel,
  createClient,
  type EndpointChoice,
  type ResolvedEndpoint,
  resolveEndpoint,
} from './create.js';
import { classify } from './errors.js';
import { isObject } from './tool-arguments.js';
import { ModelError, type ModelErrorKind } from './types.js';

export type EndpointCheck =
  | { ok: true; baseUrl: string; detail: string }
  /** `message` names what is wrong and the remedy. */
  | { ok: false; kind: ModelErrorKind; message: string };

const probeSeconds = 20;

/**
 * Asks for the list of models; where that is not served or does not name the model, for one tiny answer.
 * Tells unknown address, refused key and unknown model apart. Never throws.
 */
export function checkEndpoint(
  config: ModelConfig,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<EndpointCheck> {
  return told(async () => {
    const endpoint = resolveEndpoint(config, env);
    const { baseUrl } = endpoint.names;
    const listed = await listModels(endpoint, signal).catch(onlyHopeless);
    if (listed?.some((id) => sameModel(id, config.name)))
      return { ok: true, baseUrl, detail: `${baseUrl} serves "${config.name}"` };
    await probe(config, env, signal);
    return { ok: true, baseUrl, detail: `${baseUrl} answers as "${config.name}"` };
  });
}

/** Whether the endpoint answers and takes the key, whatever the model: asks for the list of models only. Never throws. */
export function checkAddress(
  choice: EndpointChoice,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<EndpointCheck> {
  return told(async () => {
    const endpoint = resolveEndpoint(choice, env);
    const { baseUrl } = endpoint.names;
    const listed = await listModels(endpoint, signal).catch(unlessServed);
    const detail = listed
      ? `${baseUrl} answers, with ${listed.length} models`
      : `${baseUrl} answers, but serves no list of models: is the address right (it usually ends in /v1)?`;
    return { ok: true, baseUrl, detail };
  });
}

async function told(check: () => Promise<EndpointCheck>): Promise<EndpointCheck> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { ok: false, kind: error.kind, message: error.message };
  }
}

/** Ids of the models, or null when the answer is no list. @throws {ModelError} */
async function listModels(endpoint: ResolvedEndpoint, signal?: AbortSignal): Promise<string[] | null> {
  try {
    const body: unknown = await createClient(endpoint).get('/models', {
      timeout: probeSeconds * 1000,
      ...(signal ? { signal } : {}),
    });
    if (!isObject(body) || !Array.isArray(body.data)) return null;
    return body.data.flatMap((entry) => (isObject(entry) && typeof entry.id === 'string' ? [entry.id] : []));
  } catch (cause) {
    throw classify(cause, endpoint.names);
  }
}

/** Where asking for an answer would fail for the same reason; any other endpoint may serve no list and work all the same. */
function onlyHopeless(error: ModelError): null {
  if (['connection', 'timeout', 'authentication', 'quota', 'cancelled'].includes(error.kind)) throw error;
  return null;
}

function unlessServed(error: ModelError): null {
  if (error.kind !== 'not-found') throw error;
  return null;
}

async function probe(config: ModelConfig, env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<void> {
  const endpoint = { ...config.endpoint, timeoutSeconds: Math.min(config.endpoint.timeoutSeconds, 60) };
  const model = createChatModel({ ...config, endpoint }, env);
  await model.complete(
    { messages: [{ role: 'user', content: 'Answer with: ok' }], maxTokens: 16 },
    signal ? { signal } : {},
  );
}

/** Local servers add a tag that requests may leave out. */
function sameModel(id: string, name: string): boolean {
  return id === name || id === `${name}:latest` || id === `models/${name}`;
}
