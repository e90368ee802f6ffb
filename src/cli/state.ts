/** The state folder that commands use when none is named, relative to where they are typed. */
export const DEFAULT_STATE = '.self-harness';
