/**
 * The small layer that makes this machine's system a root of its own: folders that the sandbox's root
 * owns and may write to, an /etc with what programs need and nothing that is private, and nothing else
 * of the machine. The programs come from the layer below it: this machine's /usr, or a named base root.
 */
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { SHELL, STATE_DIR } from './launch.js';
import { readEntry, type TarEntry } from './tar.js';

/** One overlay: mounted at `target` (relative to the root, '' is the root itself) over `base`. */
export interface SystemMount {
  target: string;
  /** Folder of this machine under it; null: nothing. */
  base: string | null;
}

/** Folders that hold the system; in most systems all but /usr are links into it. */
export const SYSTEM_DIRS = ['usr', 'bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'];

/** Of the machine's /etc: what programs look up, and no accounts, keys, package sources or services. */
const ETC = (
  'alternatives bash.bashrc bindresvport.blacklist ca-certificates ca-certificates.conf crypto-policies ' +
  'debian_version dpkg emacs fonts gai.conf gprofng.rc groff host.conf inputrc issue java ' +
  'java-11-openjdk java-17-openjdk java-21-openjdk ld.so.cache ld.so.conf ld.so.conf.d libaudit.conf locale.alias ' +
  'locale.conf locale.gen localtime login.defs lsb-release magic magic.mime mailcap manpath.config mime.types ' +
  'nanorc netconfig networks nsswitch.conf os-release pam.conf pam.d perl pki/ca-trust/extracted pki/tls/certs ' +
  'profile profile.d protocols python3 python3.9 python3.10 python3.11 python3.12 python3.13 redhat-release rpc security services ' +
  'shells skel ssl/cert.pem ssl/certs ssl/openssl.cnf terminfo timezone vim vimrc wgetrc xattr.conf'
).split(' ');

const FOLDERS: [path: string, mode: number][] = [
  ...[
    'app',
    'boot',
    'dev',
    'etc',
    'home',
    'logs',
    'media',
    'mnt',
    'opt',
    'proc',
    'run',
    'srv',
    'sys',
    'var',
    'workspace',
  ].map((path): [string, number] => [path, 0o755]),
  ['root', 0o700],
  ['tmp', 0o1777],
  ['run/lock', 0o1777],
  ['run/shell', 0o1777],
  ['run/shm', 0o1777],
  ['run/kit', 0o755],
  ...['agent', 'artifacts', 'verifier'].map((name): [string, number] => [`logs/${name}`, 0o777]),
  ...[
    'cache',
    'lib',
    'lib/dpkg',
    'lib/dpkg/info',
    'lib/dpkg/updates',
    'lib/misc',
    'log',
    'mail',
    'opt',
    'spool',
  ].map((path): [string, number] => [`var/${path}`, 0o755]),
  ['var/tmp', 0o1777],
];

const PASSWD = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
sys:x:3:3:sys:/dev:/usr/sbin/nologin
man:x:6:12:man:/var/cache/man:/usr/sbin/nologin
mail:x:8:8:mail:/var/mail:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
`;
const GROUP = `root:x:0:
daemon:x:1:
bin:x:2:
sys:x:3:
adm:x:4:
tty:x:5:
disk:x:6:
mail:x:8:
man:x:12:
sudo:x:27:
www-data:x:33:
shadow:x:42:
utmp:x:43:
staff:x:50:
users:x:100:
nogroup:x:65534:
`;
const HOSTNAME = 'sandbox';

/** How deep folders below a system folder get a double that the sandbox's root owns. */
const OWNED_DEPTH = 3;

export interface Skeleton {
  mounts: SystemMount[];
  /** Those of the system folders that are links, such as /bin. */
  links: Record<string, string>;
  /** Below `<index of the mount>/`. */
  entries: TarEntry[];
  /** Names the content: the same on the next start unless the machine's system changed. */
  digest: string;
}

/** @param baseRoot the root system to use instead of this machine's; absolute, or null */
export async function describeSkeleton(baseRoot: string | null): Promise<Skeleton> {
  const { mounts, links, entries } = baseRoot === null ? await ofThisMachine() : ofBaseRoot(baseRoot);
  const hash = createHash('sha256');
  for (const mount of mounts) hash.update(`${mount.target}\0${mount.base}\n`);
  for (const entry of entries) {
    hash.update(`${entry.kind}\0${entry.path}\0${entry.mode}\0`);
    if (entry.kind === 'file') hash.update(entry.content);
    if (entry.kind === 'symlink') hash.update(entry.target);
  }
  return { mounts, links, entries, digest: hash.digest('hex').slice(0, 32) };
}

type Described = Omit<Skeleton, 'digest'>;

async function ofThisMachine(): Promise<Described> {
  const root: TarEntry[] = FOLDERS.map(([path, mode]) => ({ kind: 'directory', path, mode }));
  const system = systemOf('/');
  for (const [path, target] of Object.entries(system.links))
    root.push({ kind: 'symlink', path, mode: 0o777, target });
  for (const { target } of system.mounts) root.push({ kind: 'directory', path: target, mode: 0o755 });
  root.push(...(await safeEtc()), ...ownFiles(), {
    kind: 'symlink',
    path: 'var/run',
    mode: 0o777,
    target: '/run',
  });
  return {
    mounts: [{ target: '', base: null }, ...system.mounts],
    links: system.links,
    entries: [...below('0', root), ...system.entries],
  };
}

function ofBaseRoot(baseRoot: string): Described {
  const missing = FOLDERS.filter(([path]) => !existsSync(join(baseRoot, path)));
  const root: TarEntry[] = missing.map(([path, mode]) => ({ kind: 'directory', path, mode }));
  const apart = new RegExp(`^(proc|sys|dev|${SYSTEM_DIRS.join('|')})/`);
  const owned = ownedFolders(baseRoot).filter((entry) => !apart.test(`${entry.path}/`));
  const hosts = ownFiles().filter((entry) =>
    /^(etc\/(hosts|hostname|resolv\.conf)|run\/.*)$/.test(entry.path),
  );
  const system = systemOf(baseRoot);
  return {
    mounts: [{ target: '', base: baseRoot }, ...system.mounts],
    links: system.links,
    entries: [...below('0', [...owned, ...root, ...hosts]), ...system.entries],
  };
}

/** The folders of the system are mounts of their own: the verifier has them as the base has them. */
function systemOf(root: string): Described {
  const system: Described = { mounts: [], links: {}, entries: [] };
  for (const name of SYSTEM_DIRS) {
    const path = join(root, name);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat?.isSymbolicLink()) {
      system.links[name] = readlinkSync(path);
    } else if (stat?.isDirectory()) {
      system.mounts.push({ target: name, base: path });
      system.entries.push(...below(String(system.mounts.length), ownedFolders(path)));
    }
  }
  return system;
}

const below = (prefix: string, entries: TarEntry[]): TarEntry[] => [
  { kind: 'directory', path: prefix, mode: 0o755 },
  ...entries.map((entry) => ({ ...entry, path: `${prefix}/${entry.path}` })),
];

/** Doubles of the folders below `base`, with their modes: merged over them, they change only the owner. */
function ownedFolders(base: string, path = '', depth = 1): TarEntry[] {
  if (depth > OWNED_DEPTH) return [];
  let names: string[];
  try {
    names = readdirSync(join(base, path), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const child = path ? `${path}/${name}` : name;
    const mode = lstatSync(join(base, child)).mode & 0o7777;
    return [{ kind: 'directory' as const, path: child, mode }, ...ownedFolders(base, child, depth + 1)];
  });
}

async function safeEtc(): Promise<TarEntry[]> {
  const entries: TarEntry[] = [];
  for (const name of ETC) {
    if (!lstatSync(`/etc/${name}`, { throwIfNoEntry: false })) continue;
    for (const entry of await readEntry(`/etc/${name}`, `etc/${name}`).catch(() => [])) {
      entries.push(await resolveOutside(entry));
    }
  }
  return entries;
}

/** A link out of the copied part (such as certificates kept elsewhere) becomes a copy of its file. */
async function resolveOutside(entry: TarEntry): Promise<TarEntry> {
  if (
    entry.kind !== 'symlink' ||
    /^(\.\.\/)*usr\/|^\/usr\/|^\/etc\/alternatives\/|^[^/]+$/.test(entry.target)
  )
    return entry;
  try {
    return { kind: 'file', path: entry.path, mode: 0o644, content: readFileSync(`/${entry.path}`) };
  } catch {
    return entry;
  }
}

function ownFiles(): TarEntry[] {
  const file = (path: string, content: string, mode = 0o644): TarEntry => ({
    kind: 'file',
    path,
    mode,
    content: Buffer.from(content),
  });
  const locked = (names: string): string =>
    names.replace(/^([^:]+):.*$/gm, (_, name) => `${name}:*:19000:0:99999:7:::`);
  return [
    ...['0', '1'].map((name) => file(`${STATE_DIR}/${name}`.slice(1), '', 0o666)),
    file(`${STATE_DIR}/current`.slice(1), '0\n', 0o666),
    // Mount point of the driver's shell.
    file(SHELL.slice(1), ''),
    file('etc/passwd', PASSWD),
    file('etc/group', GROUP),
    file('etc/shadow', locked(PASSWD), 0o640),
    file('etc/gshadow', GROUP.replace(/^([^:]+):.*$/gm, '$1:*::'), 0o640),
    file('etc/hostname', `${HOSTNAME}\n`),
    file('etc/hosts', `127.0.0.1\tlocalhost ${HOSTNAME}\n::1\tlocalhost ip6-localhost\n`),
    file('etc/resolv.conf', ''),
    file('etc/environment', ''),
    file('var/lib/dpkg/status', ''),
    file('var/lib/dpkg/available', ''),
    { kind: 'symlink', path: 'etc/mtab', mode: 0o777, target: '/proc/self/mounts' },
  ];
}
