/** The messages of one context and an estimate of its size, kept up to date without serialising it anew. */
import type { ChatMessage, Usage } from '../model/types.js';

/** Tokens per character until an endpoint has reported a count: four characters a token. */
const INITIAL_RATIO = 0.25;

export class Conversation {
  readonly #messages: ChatMessage[] = [];
  #characters: number;
  #ratio = INITIAL_RATIO;
  #headLength: number | null = null;

  /** `overheadCharacters`: what every request carries besides the messages (tool definitions). */
  constructor(private readonly overheadCharacters: number) {
    this.#characters = overheadCharacters;
  }

  get messages(): readonly ChatMessage[] {
    return this.#messages;
  }

  /** Messages before the first answer: never condensed. */
  get headLength(): number {
    return this.#headLength ?? this.#messages.length;
  }

  /** Estimated tokens of the next request's prompt. */
  get contextTokens(): number {
    return Math.ceil(this.#characters * this.#ratio);
  }

  push(message: ChatMessage): void {
    if (message.role === 'assistant') this.#headLength ??= this.#messages.length;
    this.#messages.push(message);
    this.#characters += size(message);
  }

  /** Learns from what the endpoint counted; call it before the answer is pushed. */
  calibrate(usage: Usage): void {
    if (usage.estimated || usage.promptTokens <= 0) return;
    this.#ratio = Math.min(2, Math.max(0.1, usage.promptTokens / Math.max(1, this.#characters)));
  }

  /** Puts `messages` in the place of everything from `from` on. */
  replaceFrom(from: number, messages: ChatMessage[]): void {
    this.#messages.splice(from, this.#messages.length - from, ...messages);
    this.#characters = this.overheadCharacters;
    for (const message of this.#messages) this.#characters += size(message);
  }
}

function size(message: ChatMessage): number {
  let characters = message.content.length + 8;
  if (message.role === 'assistant') {
    for (const call of message.toolCalls ?? [])
      characters += call.name.length + call.rawArguments.length + 16;
  }
  return characters;
}
