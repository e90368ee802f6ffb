import { userInfo } from 'node:os';

/** Who types. A container's user may have a number and no name. */
export function whoami(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
