import { type ChatModel, ModelError } from './types.js';

/** At most `limit` calls at once; the others wait in order of arrival and can be cancelled there. */
export function withConcurrency(model: ChatModel, limit: number): ChatModel {
  let running = 0;
  const waiting: (() => void)[] = [];

  const enter = (signal: AbortSignal | undefined): Promise<void> | undefined => {
    if (running < limit) {
      running++;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const start = (): void => {
        signal?.removeEventListener('abort', cancel);
        resolve();
      };
      const cancel = (): void => {
        waiting.splice(waiting.indexOf(start), 1);
        reject(new ModelError('The call was cancelled.', 'cancelled'));
      };
      if (signal?.aborted) return reject(new ModelError('The call was cancelled.', 'cancelled'));
      signal?.addEventListener('abort', cancel, { once: true });
      waiting.push(start);
    });
  };
  const leave = (): void => {
    const next = waiting.shift();
    // The place is handed on, so `running` stays.
    if (next) next();
    else running--;
  };

  return {
    async complete(request, options = {}) {
      const turn = enter(options.signal);
      if (turn) await turn;
      try {
        return await model.complete(request, options);
      } finally {
        leave();
      }
    },
  };
}
