import { closeSync, constants, openSync } from 'node:fs';
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
import { Channel } from './channel.js';
import { driverCode, type LaunchPlan, launch, type OverlayPlan, STATE_DIR } from './launch.js';
import { LayerStore } from './layers.js';
import { explainStart } from './problems.js';
import { signalSandbox } from './processes.js';
import { prepareRootSystem, type RootSystem, removeAsRoot } from './roots.js';
import { ShellSandbox } from './session.js';
import { keepDefinitions } from './shell-code.js';
import { type Sandbox, SandboxError, type SandboxProvider, type SandboxSpec } from './types.js';
import { createUserNamespace, type UserNamespace, userName } from './user-namespace.js';
import { isDead, WorkerState } from './worker-state.js';

const START_SECONDS = 60;
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
      return new ShellSandbox(spec.id, started.channel, start, started.release);
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
    const pipe = await this.state.takePipe();
    const release = async () => {
      if (namespace !== ground.namespace) namespace.close();
      await cgroup?.remove();
      this.state.returnPipe(pipe);
    };
    try {
      return { channel: await this.open(plan, namespace, pipe, cgroup, signal), release };
    } catch (error) {
      await release();
      throw error;
    }
  }

  private async open(
    plan: LaunchPlan,
    namespace: UserNamespace,
    pipe: string,
    cgroup: Cgroup | null,
    signal?: AbortSignal,
  ): Promise<Channel> {
    const readEnd = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const writeEnd = openSync(pipe, constants.O_WRONLY);
    const child = launch(plan, namespace, this.state.rootsDir, writeEnd);
    closeSync(writeEnd);
    const channel = new Channel(
      child,
      readEnd,
      () => signalSandbox(child, 'SIGKILL'),
      () => signalSandbox(child, 'SIGUSR1'),
    );
    const timer = setTimeout(() => signalSandbox(child, 'SIGKILL'), START_SECONDS * 1000);
    const onAbort = () => signalSandbox(child, 'SIGKILL');
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      if (cgroup && child.pid !== undefined) await cgroup.add(child.pid);
      channel.send(`go\n${driverCode(plan)}`);
      await channel.untilReady();
      return channel;
    } catch (error) {
      await channel.close();
      signal?.throwIfAborted();
      throw explainStart(await channel.startDiagnostics(), (error as Error).message);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }
}

/** The layer of a task lies on top of everything else. */
function withLayer(overlays: OverlayPlan[], layer: string | null): OverlayPlan[] {
  if (layer === null) return overlays;
  return overlays.map((overlay, i) => ({
    ...overlay,
    lowers: [`${layer}/${i}/upper`, ...overlay.lowers],
  }));
}
