import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Version of this program: part of the contract, because it says how harnesses are run. */
export const RUNTIME_VERSION = `self-harness ${version}`;
