/**
 * System calls that no command of a task needs and that open much of the kernel. They answer EPERM, as in
 * Docker's default profile; what else that profile refuses needs capabilities that a sandbox has not.
 */
import { endianness } from 'node:os';

/** Numbers by call, from the kernel's tables: x64, arm64. */
const CALLS: Record<string, [x64: number, arm64: number]> = {
  acct: [163, 89],
  add_key: [248, 217],
  bpf: [321, 280],
  clock_settime: [227, 112],
  delete_module: [176, 106],
  finit_module: [313, 273],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fsopen: [430, 430],
  fspick: [433, 433],
  init_module: [175, 105],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  io_uring_setup: [425, 425],
  kcmp: [312, 272],
  kexec_file_load: [320, 294],
  kexec_load: [246, 104],
  keyctl: [250, 219],
  lookup_dcookie: [212, 18],
  mount: [165, 40],
  mount_setattr: [442, 442],
  move_mount: [429, 429],
  open_by_handle_at: [304, 265],
  open_tree: [428, 428],
  perf_event_open: [298, 241],
  pivot_root: [155, 41],
  quotactl: [179, 60],
  reboot: [169, 142],
  request_key: [249, 218],
  setns: [308, 268],
  settimeofday: [164, 170],
  swapoff: [168, 225],
  swapon: [167, 224],
  syslog: [103, 116],
  umount2: [166, 39],
  unshare: [272, 97],
  userfaultfd: [323, 282],
  vhangup: [153, 58],
};

/** AUDIT_ARCH_* of linux/audit.h. */
const ARCHITECTURES: Partial<Record<NodeJS.Architecture, { audit: number; column: 0 | 1 }>> = {
  x64: { audit: 0xc000003e, column: 0 },
  arm64: { audit: 0xc00000b7, column: 1 },
};

const LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
const JUMP_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
const JUMP_GREATER_EQUAL = 0x35; // BPF_JMP | BPF_JGE | BPF_K
const RETURN = 0x06; // BPF_RET | BPF_K
const ALLOW = 0x7fff0000;
const REFUSE = 0x00050000 | 1; // SECCOMP_RET_ERRNO | EPERM
const ABSENT = 0x00050000 | 38; // SECCOMP_RET_ERRNO | ENOSYS
/** Offsets in struct seccomp_data. */
const NUMBER_AT = 0;
const ARCHITECTURE_AT = 4;
/** Calls of the x32 variant of x64 start here. */
const X32 = 0x40000000;

/** The filter as an array of struct sock_filter; null for machines that it is not written for. */
export function seccompFilter(architecture: NodeJS.Architecture = process.arch): Buffer | null {
  const known = ARCHITECTURES[architecture];
  if (!known || endianness() !== 'LE') return null;
  const numbers = Object.values(CALLS).map((columns) => columns[known.column]);
  const refuse = numbers.length + 1;
  const program: [code: number, whenTrue: number, whenFalse: number, value: number][] = [
    [LOAD, 0, 0, ARCHITECTURE_AT],
    // Calls of another architecture (32 bit) have other numbers: none of them is let through.
    [JUMP_EQUAL, 1, 0, known.audit],
    [RETURN, 0, 0, ABSENT],
    [LOAD, 0, 0, NUMBER_AT],
    [JUMP_GREATER_EQUAL, 0, 1, X32],
    [RETURN, 0, 0, ABSENT],
    ...numbers.map((number, i): [number, number, number, number] => [JUMP_EQUAL, refuse - i - 1, 0, number]),
    [RETURN, 0, 0, ALLOW],
    [RETURN, 0, 0, REFUSE],
  ];
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(([code, whenTrue, whenFalse, value], i) => {
    bytes.writeUInt16LE(code, i * 8);
    bytes.writeUInt8(whenTrue, i * 8 + 2);
    bytes.writeUInt8(whenFalse, i * 8 + 3);
    bytes.writeUInt32LE(value, i * 8 + 4);
  });
  return bytes;
}
