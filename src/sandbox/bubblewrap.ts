import { closeSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import {
  environmentOf,
  layerDigest,
  makeDirectory,
  needsLayer,
  resolveUser,
  runSteps,
  userOf,
} from './build.js';
import { Cgroup, type CgroupRoots, findCgroups, sweepCgroups } from './cgroup.js';
import type { Channel } from './channel.js';
import { type LaunchPlan, type OverlayPlan, STATE_DIR } from './launch.js';
import { LayerStore } from './layers.js';
import { openSandbox, openVerifier, type Place } from './open.js';
import { prepareRootSystem, type RootSystem, removeAsRoot } from './roots.js';
import { ShellSandbox } from './session.js';
import { type CommandStart, keepDefinitions } from './shell-code.js';
import { type Sandbox, SandboxError, type SandboxProvider, type SandboxSpec } from './types.js';
import { createUserNamespace, type UserNamespace, userName } from './user-namespace.js';
import { CONTINUE_ALL, STOP_ALL, VERIFIER_CAPABILITY, VERIFIER_PROCESSES } from './verifier-launch.js';
import { isDead, WorkerState } from './worker-state.js';

const MIB = 1024 * 1024;

export interface BubblewrapOptions {
  /** Folder for what outlives a sandbox: skeleton, layers of tasks, pipes. Made if missing. */
  stateDir: string;
  /** Root system to run on instead of this machine's /usr; absolute. */
  baseRoot?: string | null;
}

/** What a provider has ready once its first sandbox starts. */
interface Ground {
  namespace: UserNamespace;
  system: RootSystem;
  cgroups: CgroupRoots | null;
}

interface Started {
  channel: Channel;
  /** The verifier's way in; once. */
  openVerifier(signal?: AbortSignal): Promise<Channel>;
  release(): Promise<void>;
}

/**
 * Sandboxes of bubblewrap in a user namespace with subordinate ids, over overlays (see launch.ts).
 * There is no network in them, whatever the task allows: a safe one cannot be given without an engine.
 */
export class BubblewrapProvider implements SandboxProvider {
  readonly kind = 'bubblewrap';
  private readonly state: WorkerState;
  private readonly layers: LayerStore;
  private ground: Promise<Ground> | null = null;
  private started = 0;

  constructor(private readonly options: BubblewrapOptions) {
    this.state = new WorkerState(options.stateDir);
    this.layers = new LayerStore(this.state.rootsDir);
  }

  async fingerprint(): Promise<string> {
    const { system, namespace, cgroups } = await this.prepared();
    const limits = cgroups ? `cgroup-v${cgroups.version}` : 'rlimit';
    return `bubblewrap:${system.digest}:${namespace.ids}:${limits}`;
  }

  async create(spec: SandboxSpec, signal?: AbortSignal): Promise<Sandbox> {
    signal?.throwIfAborted();
    if (spec.environment.unsupported !== null) {
      throw new SandboxError(
        `This task cannot run under bubblewrap: ${spec.environment.unsupported}`,
        'unsupported',
      );
    }
    const ground = await this.prepared();
    const layer = needsLayer(spec.environment) ? await this.layerOf(spec, ground) : null;
    const started = await this.start(ground, spec, withLayer(ground.system.overlays, layer), signal);
    try {
      if (layer === null) await runSteps(started.channel, spec.environment.build, spec.contextDir);
      const name = userOf(spec.environment);
      const user = name === null ? null : await resolveUser(started.channel, name);
      if (user !== null && ground.namespace.ids === 'single') {
        throw new SandboxError(
          `The task runs as ${user.name}, and without subordinate ids only root exists in a sandbox. As root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${userName()}`,
          'unsupported',
        );
      }
      await makeDirectory(started.channel, spec.environment.workdir);
      const home = user === null ? { HOME: '/root', USER: 'root' } : { HOME: user.home, USER: user.name };
      const defaults = {
        env: { ...home, ...environmentOf(spec.environment) },
        workdir: spec.environment.workdir,
      };
      const start = { defaults, user, stateDir: STATE_DIR };
      await started.channel.request({ op: 'now', setup: keepDefinitions(start), timeoutSeconds: 30 });
      signal?.throwIfAborted();
      return new ShellSandbox(spec.id, started.channel, start, started.release, (stop) =>
        this.forVerifier(spec.id, started, start, stop),
      );
    } catch (error) {
      await started.channel.close();
      await started.release();
      throw error;
    }
  }

  async sweep(): Promise<number> {
    const cgroups = findCgroups();
    const swept = cgroups ? await sweepCgroups(cgroups) : 0;
    await this.state.sweep();
    const leftovers = (await readdir(this.state.rootsDir)).filter(
      (name) => name.endsWith('.tmp') && isDead(name),
    );
    if (leftovers.length > 0) {
      const { namespace } = await this.prepared();
      for (const name of leftovers) await removeAsRoot(this.state.rootsDir, namespace, name);
    }
    return swept;
  }

  /** Removes what this provider keeps in its folder; for folders that were used once. No sandbox may be open. */
  async removeState(): Promise<void> {
    const { namespace } = await this.prepared();
    for (const name of await readdir(this.state.rootsDir)) {
      await removeAsRoot(this.state.rootsDir, namespace, name);
    }
    await this.state.remove();
  }

  /** Nothing of the agent runs while the verifier's view of its files is put together. */
  private async forVerifier(
    id: string,
    started: Started,
    agent: CommandStart,
    signal?: AbortSignal,
  ): Promise<Sandbox> {
    const tell = (setup: string) =>
      started.channel.request({ op: 'now', setup, timeoutSeconds: 30, answerBytes: 1 });
    const stopped = await tell(STOP_ALL);
    if (stopped.content.toString('latin1') !== '1')
      throw new SandboxError('Processes that the agent left cannot be stopped for a moment.', 'lost');
    const channel = await started.openVerifier(signal).catch((error: unknown) => {
      signal?.throwIfAborted();
      // Whatever it is, this machine could start the sandbox.
      throw new SandboxError(
        `The verifier found no way into the sandbox: ${(error as Error).message}`,
        'lost',
        {
          cause: error,
        },
      );
    });
    const start = { ...agent, capability: VERIFIER_CAPABILITY };
    await tell(CONTINUE_ALL);
    await channel.request({ op: 'now', setup: keepDefinitions(start), timeoutSeconds: 30 });
    return new ShellSandbox(id, channel, start, async () => {}, null);
  }

  private prepared(): Promise<Ground> {
    this.ground ??= this.prepare().catch((error) => {
      this.ground = null;
      throw error;
    });
    return this.ground;
  }

  private async prepare(): Promise<Ground> {
    const namespace = await createUserNamespace();
    const baseRoot = this.options.baseRoot ?? null;
    const system = await prepareRootSystem(this.state.rootsDir, baseRoot, namespace, this.state.tag);
    return { namespace, system, cgroups: findCgroups() };
  }

  private async layerOf(spec: SandboxSpec, ground: Ground): Promise<string> {
    const digest = await layerDigest(
      spec.environment,
      spec.contextDir,
      `${ground.system.digest}-${ground.namespace.rootId}`,
    );
    return this.layers.get(`layer-${digest}`, async (name) => {
      const temporary = `${this.state.tag}.${name}.tmp`;
      try {
        const overlays = ground.system.overlays.map((overlay, i) => ({
          ...overlay,
          keptUpper: `${temporary}/${i}`,
        }));
        const { channel, release } = await this.start(ground, spec, overlays);
        try {
          await runSteps(channel, spec.environment.build, spec.contextDir);
        } finally {
          await channel.close();
          await release();
        }
        return temporary;
      } catch (error) {
        await removeAsRoot(this.state.rootsDir, ground.namespace, temporary);
        throw error;
      }
    });
  }

  private async start(
    ground: Ground,
    spec: SandboxSpec,
    overlays: OverlayPlan[],
    signal?: AbortSignal,
  ): Promise<Started> {
    const { limits, environment } = spec;
    const memoryMb = Math.min(limits.memoryMb, environment.memoryMb ?? limits.memoryMb);
    const storageMb = Math.min(limits.storageMb, environment.storageMb ?? limits.storageMb);
    const plan: LaunchPlan = {
      overlays,
      shell: ground.system.shell,
      kit: ground.system.kit,
      kitPrefix: ground.system.kitPrefix,
      links: ground.system.links,
      filter: ground.system.filter,
      storageMb,
      resourceLimits: ground.cgroups ? null : { memoryMb, processes: limits.processes },
      env: {},
    };
    // Files in the sandbox's tmpfs count as its memory: full storage must not kill its processes.
    const cgroup = ground.cgroups
      ? new Cgroup(ground.cgroups, `${this.state.tag}.${this.started++}`, {
          memoryBytes: (memoryMb + storageMb) * MIB,
          processes: limits.processes,
          cpus: environment.cpus,
        })
      : null;
    // Process limits without control groups count by user: each sandbox gets users of its own then.
    const namespace = ground.cgroups ? ground.namespace : await createUserNamespace();
    const place: Place = { plan, namespace, rootsDir: this.state.rootsDir, cgroup };
    const pipes: string[] = [];
    const pipe = async () => {
      pipes.push(await this.state.takePipe());
      return pipes.at(-1)!;
    };
    let namespaces: number[] = [];
    const release = async () => {
      for (const fd of namespaces.splice(0)) closeSync(fd);
      if (namespace !== ground.namespace) namespace.close();
      await cgroup?.remove();
      for (const taken of pipes.splice(0)) this.state.returnPipe(taken);
    };
    try {
      const opened = await openSandbox(place, await pipe(), signal);
      namespaces = opened.namespaces;
      const openItsVerifier = async (stop?: AbortSignal) => {
        cgroup?.allowMore(VERIFIER_PROCESSES);
        return openVerifier(place, namespaces, await pipe(), stop);
      };
      return { channel: opened.channel, openVerifier: openItsVerifier, release };
    } catch (error) {
      await release();
      throw error;
    }
  }
}

/** The layer of a task lies on top of everything else. */
function withLayer(overlays: OverlayPlan[], layer: string | null): OverlayPlan[] {
  if (layer === null) return overlays;
  return overlays.map((overlay, i) => ({ ...overlay, layer: `${layer}/${i}/upper` }));
}
