import { SandboxError } from './types.js';

/** Each way in which a start is known to fail: a sentence, and what to do about it. */
export function explainStart(diagnostics: string, how: string): SandboxError {
  const stage = [...diagnostics.matchAll(/^stage:(\w+)$/gm)].at(-1)?.[1] ?? 'start';
  const said =
    diagnostics
      .replace(/^stage:\w+\n?/gm, '')
      .trim()
      .slice(0, 500) || how;
  const error = (sentence: string, kind: SandboxError['kind']) =>
    new SandboxError(`${sentence} (${said})`, kind);

  if (/No space left|ENOSPC/.test(said)) {
    return error('No room to start a sandbox: free some memory or disk space.', 'disk');
  }
  if (/bwrap: (command )?not found|bwrap: No such file/.test(said) && stage === 'bwrap') {
    return error(
      'bubblewrap is not installed: apt-get install bubblewrap, or dnf install bubblewrap.',
      'unavailable',
    );
  }
  if (stage === 'start') {
    return error(
      'The namespace for sandboxes cannot be entered: nsenter and unshare of util-linux are needed.',
      'unavailable',
    );
  }
  if (stage === 'tmpfs') {
    return error(
      'This kernel grants no rights in user namespaces; on Ubuntu 24.04: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 as root.',
      'unavailable',
    );
  }
  if (stage === 'overlay') {
    return error(
      'Overlays cannot be mounted in a user namespace: Linux 5.11 or later with overlayfs is needed.',
      'unavailable',
    );
  }
  if (/proc.*(Operation not permitted|Permission denied)|Can't mount proc/.test(said)) {
    return error(
      'bubblewrap may not mount /proc: in a container, run it with --security-opt systempaths=unconfined (or --privileged).',
      'unavailable',
    );
  }
  return error('The sandbox did not start.', 'start');
}
