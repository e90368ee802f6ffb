/** A cheap probe of an endpoint, for the start of an evolution. */
import type { ModelConfig } from '../contract/config.js';
import { createChatModel, createClient, type ResolvedEndpoint, resolveEndpoint } from './create.js';
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
export async function checkEndpoint(config: ModelConfig, env: NodeJS.ProcessEnv): Promise<EndpointCheck> {
  try {
    const endpoint = resolveEndpoint(config, env);
    const { baseUrl } = endpoint.names;
    const listed = await listModels(endpoint);
    if (listed?.some((id) => sameModel(id, config.name)))
      return { ok: true, baseUrl, detail: `${baseUrl} serves "${config.name}"` };
    await probe(config, env);
    return { ok: true, baseUrl, detail: `${baseUrl} answers as "${config.name}"` };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { ok: false, kind: error.kind, message: error.message };
  }
}

/** Ids of the models, or null when the endpoint serves no list. @throws {ModelError} when it is unreachable or refuses the key. */
async function listModels(endpoint: ResolvedEndpoint): Promise<string[] | null> {
  try {
    const body: unknown = await createClient(endpoint).get('/models', { timeout: probeSeconds * 1000 });
    if (!isObject(body) || !Array.isArray(body.data)) return null;
    return body.data.flatMap((entry) => (isObject(entry) && typeof entry.id === 'string' ? [entry.id] : []));
  } catch (cause) {
    const error = classify(cause, endpoint.names);
    if (['connection', 'timeout', 'authentication', 'quota'].includes(error.kind)) throw error;
    return null;
  }
}

async function probe(config: ModelConfig, env: NodeJS.ProcessEnv): Promise<void> {
  const endpoint = { ...config.endpoint, timeoutSeconds: Math.min(config.endpoint.timeoutSeconds, 60) };
  const model = createChatModel({ ...config, endpoint }, env);
  await model.complete({ messages: [{ role: 'user', content: 'Answer with: ok' }], maxTokens: 16 });
}

/** Local servers add a tag that requests may leave out. */
function sameModel(id: string, name: string): boolean {
  return id === name || id === `${name}:latest` || id === `models/${name}`;
}
