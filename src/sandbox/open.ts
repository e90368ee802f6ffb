import type { ChildProcess } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import type { Cgroup } from './cgroup.js';
import { Channel } from './channel.js';
import { driverCode, type LaunchPlan, launch } from './launch.js';
import { explainStart } from './problems.js';
import { signalSandbox } from './processes.js';
import type { UserNamespace } from './user-namespace.js';
import { launchVerifier, NAMESPACES, verifierDriverCode } from './verifier-launch.js';

const START_SECONDS = 60;

export interface Place {
  plan: LaunchPlan;
  namespace: UserNamespace;
  rootsDir: string;
  cgroup: Cgroup | null;
}

export interface Opened {
  channel: Channel;
  /** Descriptors of the sandbox's namespaces, as in `NAMESPACES`; to be closed by the caller. */
  namespaces: number[];
}

/** Starts a sandbox and its driver. @param pipe a named pipe that nobody else uses */
export async function openSandbox(place: Place, pipe: string, signal?: AbortSignal): Promise<Opened> {
  const { plan, namespace, rootsDir } = place;
  let namespaces: number[] = [];
  try {
    const channel = await open(
      place,
      pipe,
      (output) => launch(plan, namespace, rootsDir, output),
      async (channel, launcher) => {
        channel.send('go\n');
        const child = await channel.untilChild();
        // Now: once it runs the driver, whose program cannot be read, its namespaces are closed to ordinary users.
        namespaces = NAMESPACES.map((name) =>
          openSync(`/proc/${name === 'mnt' ? launcher.pid : child}/ns/${name}`, 'r'),
        );
        channel.send(`.${driverCode(plan)}`);
      },
      signal,
    );
    return { channel, namespaces };
  } catch (error) {
    for (const fd of namespaces) closeSync(fd);
    throw error;
  }
}

/** Starts the verifier's driver in a sandbox whose other processes are stopped. */
export function openVerifier(
  place: Place,
  namespaces: number[],
  pipe: string,
  signal?: AbortSignal,
): Promise<Channel> {
  return open(
    place,
    pipe,
    (output) => launchVerifier(place.plan, place.namespace, namespaces, output),
    async (channel) => channel.send(`go\n${verifierDriverCode(place.plan)}`),
    signal,
  );
}

async function open(
  { cgroup }: Place,
  pipe: string,
  start: (output: number) => ChildProcess,
  begin: (channel: Channel, launcher: ChildProcess) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<Channel> {
  const readEnd = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const writeEnd = openSync(pipe, constants.O_WRONLY);
  const launcher = start(writeEnd);
  closeSync(writeEnd);
  const channel = new Channel(
    launcher,
    readEnd,
    () => signalSandbox(launcher, 'SIGKILL'),
    () => signalSandbox(launcher, 'SIGUSR1'),
  );
  const timer = setTimeout(() => signalSandbox(launcher, 'SIGKILL'), START_SECONDS * 1000);
  const onAbort = () => signalSandbox(launcher, 'SIGKILL');
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    if (cgroup && launcher.pid !== undefined) await cgroup.add(launcher.pid);
    await begin(channel, launcher);
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
