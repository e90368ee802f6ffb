/** Where a sandbox is put together, as its launcher sees it, and what of it is for the verifier: see verifier-launch.ts. */
import type { LaunchPlan } from './launch.js';

/** Mount point of the tmpfs: a folder that every machine has, and nothing of which is needed. */
export const BUILD = '/sys';

/** The folder of roots, for whoever joins the launcher's mount namespace later. */
export const ROOTS = `${BUILD}/roots`;

/** What only the verifier uses. */
export const VERIFIER = `${BUILD}/verifier`;

/** In the form of /etc/fstab. Written when the sandbox starts: later the agent may have left no room for a file. */
export const VERIFIER_TABLE = `${VERIFIER}/table`;

export function verifierTable(plan: LaunchPlan): string[] {
  const table = systemOverlays(plan).map(({ target, i, lowers, layer }) => {
    const agent = [`${BUILD}/${i}/upper`, ...(layer === null ? [] : [layer])];
    const options = `userxattr,lowerdir=${[...lowers, ...agent].join(':')},upperdir=${VERIFIER}/${i}/upper,workdir=${VERIFIER}/${i}/work`;
    return `overlay ${VERIFIER}/system/${target} overlay ${options},X-mount.mkdir 0 0`;
  });
  return [
    ...table,
    // Children of the launcher are among the agent's processes, and so is what /proc shows when they mount it.
    `proc ${VERIFIER}/proc proc nosuid,nodev,noexec,X-mount.mkdir 0 0`,
    `tmpfs ${VERIFIER}/root tmpfs size=${plan.storageMb}m,mode=755 0 0`,
  ];
}

/** Folders of the system, with what is below them by absolute path. */
export function systemOverlays(plan: LaunchPlan) {
  const absolute = (path: string): string => (path.startsWith('/') ? path : `${ROOTS}/${path}`);
  return plan.overlays
    .map(({ target, lowers, layer }, i) => ({
      target,
      i,
      lowers: lowers.map(absolute),
      layer: layer === null ? null : absolute(layer),
    }))
    .filter(({ target }) => target !== '');
}
