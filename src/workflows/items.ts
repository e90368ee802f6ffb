import type { BatchItem } from './types.js';

/** `arm.task.attempt` for each trial, separated by blanks: 500 trials in 4 KB. */
export function formatItems(items: readonly BatchItem[]): string {
  return items.map((item) => `${item.arm}.${item.task}.${item.attempt}`).join(' ');
}

/** @throws Error on anything but the format of `formatItems`. */
export function parseItems(text: string): BatchItem[] {
  if (text === '') return [];
  return text.split(' ').map((part) => {
    const match = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/.exec(part);
    if (!match) throw new Error(`items: found "${part}", expected arm.task.attempt`);
    return { arm: Number(match[1]), task: Number(match[2]), attempt: Number(match[3]) };
  });
}
