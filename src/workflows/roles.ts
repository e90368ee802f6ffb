/** Who spends money: the agent in its trials, the miner and the proposer in their calls. A verifier asks no model. */
export const ROLES = ['agent', 'miner', 'proposer'] as const;
export type Role = (typeof ROLES)[number];
