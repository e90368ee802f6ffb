/** What a worker can take on; each role has its own task queue. */
export const ROLES = ['workflows', 'models', 'sandboxes'] as const;
export type Role = (typeof ROLES)[number];
