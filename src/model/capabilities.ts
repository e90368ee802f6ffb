/**
 * What an endpoint turned out not to take. Starts with everything and is learned downwards: when a refusal names an
 * optional parameter that was sent, the parameter is dropped for good and the request is made once more without it.
 */
import { isContextLength, isRefusal, reportedBy } from './errors.js';

export type ResponseLevel = 'json_schema' | 'json_object' | 'text';

/** Optional parts of a request, by their names on the wire. */
export type OptionalParameter =
  | 'stream'
  | 'stream_options'
  | 'seed'
  | 'temperature'
  | 'top_p'
  | 'reasoning_effort'
  | 'max_tokens'
  | 'max_completion_tokens'
  | 'response_format'
  | 'tools';

/** How a refusal names each of them. The order is that of suspicion: the specific before the general. */
const named: [OptionalParameter, RegExp][] = [
  ['stream_options', /stream_options|include_usage/i],
  ['reasoning_effort', /reasoning_effort|reasoning effort/i],
  ['response_format', /response_format|json_schema|json_object|json mode|structured output|guided|grammar/i],
  ['max_completion_tokens', /max_completion_tokens/i],
  ['max_tokens', /max_tokens/i],
  ['seed', /\bseed\b/i],
  ['temperature', /\btemperature\b/i],
  ['top_p', /\btop_p\b/i],
  ['tools', /\btools?\b|tool_choice|tool[- ](use|call)|function[- ]call/i],
  ['stream', /\bstream(ing)?\b/i],
];
const unsupported =
  /not (be )?(support|allow|permit|enabl|available|accept|recogni[sz]ed|implement)|n't (support|allow|accept)|unsupported|requires? |no endpoints found/i;
const malformed =
  /unrecogni[sz]ed|unknown|unexpected|disallow|deprecated|extra (field|input)|invalid|only .{0,40}(default|supported|allowed)|cannot/i;

export class Capabilities {
  private readonly refused = new Set<OptionalParameter>();
  private level: ResponseLevel = 'json_schema';
  /** Schemas that the endpoint refused although it takes others. */
  private readonly levelBySchema = new Map<string, ResponseLevel>();

  takes(parameter: OptionalParameter): boolean {
    return !this.refused.has(parameter);
  }

  /** The name under which a limit on the answer is sent; null: neither is taken. */
  get maxTokensName(): 'max_tokens' | 'max_completion_tokens' | null {
    // Old servers ignore the new name without a word; new ones refuse the old name in clear words.
    if (this.takes('max_tokens')) return 'max_tokens';
    return this.takes('max_completion_tokens') ? 'max_completion_tokens' : null;
  }

  responseLevel(schemaName: string): ResponseLevel {
    return this.levelBySchema.get(schemaName) ?? this.level;
  }

  /**
   * Learns from a failed request with these parameters.
   * @returns what was dropped, or null when the failure has nothing to do with an optional parameter.
   */
  learn(error: unknown, sent: ReadonlySet<string>, schemaName?: string): OptionalParameter | null {
    if (!isRefusal(error)) return null;
    const reported = reportedBy(error);
    const { message } = reported;
    if (isContextLength(reported)) return null;
    const parameter = suspect(error.param ?? '', message, (error.status ?? 0) >= 500, sent);
    if (parameter === 'response_format')
      this.lowerResponse(schemaName ?? '', /invalid (json )?schema/i.test(message));
    else if (parameter) this.refused.add(parameter);
    return parameter;
  }

  private lowerResponse(schemaName: string, onlyThisSchema: boolean): void {
    const lower = this.responseLevel(schemaName) === 'json_schema' ? 'json_object' : 'text';
    if (onlyThisSchema) this.levelBySchema.set(schemaName, lower);
    else {
      this.level = lower;
      this.levelBySchema.clear();
    }
  }
}

function suspect(
  param: string,
  message: string,
  serverError: boolean,
  sent: ReadonlySet<string>,
): OptionalParameter | null {
  // A server that fails on an unexpected answer of its model has not refused anything.
  const refusal = unsupported.test(message) || (!serverError && malformed.test(message));
  const root = param.split(/[.[]/)[0];
  const exact = named.find(([name]) => name === root)?.[0];
  if (exact === 'tools') {
    // A complaint about the inside of `tools` is about our tools, not about tools as such.
    return param === 'tools' && refusal && sent.has('tools') ? 'tools' : null;
  }
  if (exact) return sent.has(exact) ? exact : null;
  if (!refusal) return null;
  return named.find(([name, pattern]) => sent.has(name) && pattern.test(message))?.[0] ?? null;
}
