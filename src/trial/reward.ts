/**
 * The verifier's verdict as it lies in `/logs/verifier`: written inside the sandbox, hence parsed strictly. Harbor's
 * rules: `reward.json` is a flat object of numbers, or one number; `reward.txt` is one number.
 */

export type Reward = { ok: true; reward: number } | { ok: false; problem: string };

/** Bytes of a reward file that are read. */
export const REWARD_BYTES_MAX = 4096;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

export function parseRewardText(text: string): Reward {
  const trimmed = text.trim();
  if (trimmed === '') return { ok: false, problem: 'reward.txt is empty' };
  const reward = NUMBER.test(trimmed) ? Number(trimmed) : Number.NaN;
  if (!Number.isFinite(reward))
    return { ok: false, problem: `reward.txt holds no number: ${shorten(trimmed)}` };
  return { ok: true, reward };
}

/** The key `reward` counts; without it the only key there is. Several keys and none called `reward` are no verdict. */
export function parseRewardJson(text: string): Reward {
  if (text.trim() === '') return { ok: false, problem: 'reward.json is empty' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, problem: `reward.json is not JSON: ${shorten(text)}` };
  }
  const rewards = typeof value === 'number' ? { reward: value } : value;
  if (typeof rewards !== 'object' || rewards === null || Array.isArray(rewards)) {
    return { ok: false, problem: `reward.json holds no object of numbers: ${shorten(text)}` };
  }
  const entries = Object.entries(rewards);
  const odd = entries.find(([, number]) => typeof number !== 'number' || !Number.isFinite(number));
  if (odd) return { ok: false, problem: `reward.json holds no number under ${shorten(odd[0])}` };
  const [, reward] = entries.find(([name]) => name === 'reward') ?? (entries.length === 1 ? entries[0]! : []);
  if (reward === undefined) return { ok: false, problem: 'reward.json has no key "reward"' };
  return { ok: true, reward: reward as number };
}

function shorten(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}
