/** What the activities of one worker share: store, registries, and what a contract stands for on this machine. */
import { createHash } from 'node:crypto';
import type { ModelConfig } from '../contract/config.js';
import type { Contract } from '../contract/types.js';
import type { Harness } from '../harness/schema.js';
import { createChatModel } from '../model/create.js';
import type { ChatModel } from '../model/types.js';
import { createFileRegistry } from '../registry/file.js';
import type { Registry } from '../registry/types.js';
import { createSandboxProvider } from '../sandbox/index.js';
import type { SandboxProvider } from '../sandbox/types.js';
import type { ArtifactStore } from '../store/types.js';
import { loadSuite } from '../suite/suite.js';
import type { Suite } from '../suite/types.js';
import { badInput } from './failures.js';
import { type SuiteTexts, suiteTexts } from './suite-texts.js';
import { changedSuite, unchangedCheck } from './unchanged.js';

const CACHED_MAX = 32;

export interface SandboxChoice {
  kind: 'auto' | 'bubblewrap' | 'host';
  allowHost: boolean;
  baseRoot: string | null;
}

/** A contract with everything on this machine that it names. */
export interface LoadedContract {
  contract: Contract;
  suite: Suite;
  texts(): Promise<SuiteTexts>;
  /** Looks at a task's folder again. @throws BadInput when it is not what was frozen. */
  unchanged(task: string): Promise<void>;
}

export interface WorkerContext {
  stateDir: string;
  store: ArtifactStore;
  env: NodeJS.ProcessEnv;
  /** Whether the server knows our search attributes. */
  searchAttributes: boolean;
  registry(dir: string): Registry;
  sandbox(choice: SandboxChoice): Promise<SandboxProvider>;
  model(config: ModelConfig): ChatModel;
  contract(digest: string): Promise<LoadedContract>;
  harness(digest: string): Promise<Harness>;
  /** Values that must never reach a trace. */
  secrets(config: ModelConfig): string[];
}

export function createContext(options: {
  stateDir: string;
  store: ArtifactStore;
  env: NodeJS.ProcessEnv;
  searchAttributes: boolean;
}): WorkerContext {
  const { stateDir, store, env, searchAttributes } = options;
  const registries = new Map<string, Registry>();
  const providers = new Map<string, Promise<SandboxProvider>>();
  const models = new Map<string, ChatModel>();
  const contracts = new Map<string, Promise<LoadedContract>>();
  const harnesses = new Map<string, Promise<Harness>>();
  return {
    stateDir,
    store,
    env,
    searchAttributes,
    registry: (dir) => remember(registries, dir, () => createFileRegistry(dir)),
    sandbox: (choice) =>
      rememberPromise(providers, providerKey(choice), () => createProvider(choice, stateDir)),
    model: (config) => remember(models, fingerprint(config), () => createChatModel(config, env)),
    contract: (digest) => rememberPromise(contracts, digest, () => loadContract(store, digest)),
    harness: (digest) => rememberPromise(harnesses, digest, () => store.getJson<Harness>({ sha256: digest })),
    secrets: (config) => {
      const key = env[config.endpoint.apiKeyEnv];
      return key ? [key] : [];
    },
  };
}

/** `auto` is bubblewrap: both are one provider. */
function providerKey({ kind, allowHost, baseRoot }: SandboxChoice): string {
  return JSON.stringify([kind === 'auto' ? 'bubblewrap' : kind, kind === 'host' && allowHost, baseRoot]);
}

async function createProvider(choice: SandboxChoice, stateDir: string): Promise<SandboxProvider> {
  const { baseRoot, ...rest } = choice;
  const provider = createSandboxProvider({ ...rest, ...(baseRoot === null ? {} : { baseRoot }), stateDir });
  await provider.sweep();
  return provider;
}

/** @throws BadInput when the suite on this machine is not the one that was frozen. */
async function loadContract(store: ArtifactStore, digest: string): Promise<LoadedContract> {
  const contract = await store.getJson<Contract>({ sha256: digest });
  const loaded = await loadSuite(contract.suite.dir);
  if (!loaded.ok) throw badInput(loaded.problems);
  const { suite } = loaded;
  if (suite.digest !== contract.suite.digest)
    throw changedSuite(suite.dir, suite.digest, contract.suite.digest);
  let texts: Promise<SuiteTexts> | undefined;
  return {
    contract,
    suite,
    texts: () => {
      texts ??= suiteTexts(suite);
      return texts;
    },
    unchanged: unchangedCheck(suite),
  };
}

function remember<T>(cache: Map<string, T>, key: string, make: () => T): T {
  const known = cache.get(key);
  if (known !== undefined) return known;
  if (cache.size >= CACHED_MAX) cache.delete(cache.keys().next().value!);
  const made = make();
  cache.set(key, made);
  return made;
}

/** A failed promise is forgotten: the next call tries again. */
function rememberPromise<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  return remember(cache, key, () => {
    const made = make();
    made.catch(() => cache.delete(key));
    return made;
  });
}

function fingerprint(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
