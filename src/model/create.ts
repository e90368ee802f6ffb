/** From the configuration of a model to a `ChatModel`: address, key, concurrency, the way to call tools. */
import OpenAI from 'openai';
import type { ModelConfig } from '../contract/config.js';
import { Capabilities, type OptionalParameter } from './capabilities.js';
import { withConcurrency } from './concurrency.js';
import { endpointModel } from './endpoint.js';
import type { EndpointNames } from './errors.js';
import { withPlausibleOverflows } from './overflow.js';
import { needsTools, textTools } from './text-tools.js';
import { nodeFetch } from './transport.js';
import { type ChatModel, ModelError } from './types.js';

export interface CreateOptions {
  /** Told once for each optional parameter that the endpoint refused. */
  onRefused?: (parameter: OptionalParameter) => void;
}

/**
 * The model of a configuration. The key is read from `env` and goes nowhere but into the request's header. Calls with
 * the same endpoint and model share connections, what was learned about the endpoint, and the limit on requests at once.
 * @throws {ModelError} `authentication` when the key is missing and the address is not this machine's own.
 */
export function createChatModel(
  config: ModelConfig,
  env: NodeJS.ProcessEnv,
  options: CreateOptions = {},
): ChatModel {
  const endpoint = resolveEndpoint(config, env);
  const key = JSON.stringify([endpoint, config]);
  let model = models.get(key);
  if (!model) {
    model = build(config, endpoint, options);
    models.set(key, model);
  }
  return model;
}

const models = new Map<string, ChatModel>();

export interface ResolvedEndpoint {
  names: EndpointNames;
  apiKey: string;
}

/** What of a configuration says which endpoint is meant. */
export interface EndpointChoice {
  /** '': no certain model. */
  name: string;
  endpoint: Pick<ModelConfig['endpoint'], 'baseUrl' | 'apiKeyEnv'>;
}

/** @throws {ModelError} `authentication` when there is no key. */
export function resolveEndpoint(config: EndpointChoice, env: NodeJS.ProcessEnv): ResolvedEndpoint {
  const { baseUrl, apiKeyEnv } = config.endpoint;
  const address = baseUrl ?? (env.OPENAI_BASE_URL?.trim() || 'https://api.openai.com/v1');
  const names = { baseUrl: checkedAddress(address), model: config.name, apiKeyEnv };
  const apiKey = env[apiKeyEnv]?.trim();
  if (apiKey) return { names: { ...names, apiKey }, apiKey };
  // Servers on this machine ignore the key, but the header has to be there.
  if (isLocal(names.baseUrl)) return { names, apiKey: 'none' };
  throw new ModelError(
    `No key for ${names.baseUrl}: the environment variable ${apiKeyEnv} is not set. Set it where the worker runs, or name another one in model.endpoint.apiKeyEnv.`,
    'authentication',
  );
}

export function createClient({ names, apiKey }: ResolvedEndpoint): OpenAI {
  return new OpenAI({
    apiKey,
    adminAPIKey: null,
    baseURL: names.baseUrl,
    maxRetries: 0,
    fetch: nodeFetch,
    logLevel: 'off',
  });
}

function build(config: ModelConfig, endpoint: ResolvedEndpoint, options: CreateOptions): ChatModel {
  const capabilities = new Capabilities();
  const direct = endpointModel({
    client: createClient(endpoint),
    config,
    names: endpoint.names,
    capabilities,
    ...(options.onRefused ? { onRefused: options.onRefused } : {}),
  });
  const plain = withConcurrency(
    withPlausibleOverflows(direct, config.contextTokens),
    config.endpoint.concurrency,
  );
  if (config.endpoint.tools === 'native') return plain;
  const text = textTools(plain);
  return config.endpoint.tools === 'text' ? text : nativeUntilRefused(plain, text, capabilities);
}

/** Native tool calling until the endpoint refuses it, then text for good. */
function nativeUntilRefused(native: ChatModel, text: ChatModel, capabilities: Capabilities): ChatModel {
  return {
    async complete(request, options) {
      if (!capabilities.takes('tools')) return text.complete(request, options);
      try {
        return await native.complete(request, options);
      } catch (error) {
        if (capabilities.takes('tools') || !needsTools(request)) throw error;
        return text.complete(request, options);
      }
    },
  };
}

function checkedAddress(address: string): string {
  const bare = address.replace(/\/+$/, '').replace(/\/chat\/completions$/, '');
  if (URL.canParse(bare) && /^https?:$/.test(new URL(bare).protocol)) return bare;
  throw new ModelError(
    `The address of the model's endpoint is not an http or https URL: found ${JSON.stringify(address)}. Correct model.endpoint.baseUrl or OPENAI_BASE_URL.`,
    'not-found',
  );
}

function isLocal(address: string): boolean {
  const { hostname } = new URL(address);
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\./.test(hostname)
  );
}
