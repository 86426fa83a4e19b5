/** The TCP connections of a process as Linux sees them, for tests that look for what was left behind. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface TcpSocket {
  /** As the kernel names it: `ESTABLISHED`, `CLOSE_WAIT` … (include/net/tcp_states.h). */
  readonly state: string;
  readonly localPort: number;
  readonly remotePort: number;
  /** Until the other end is probed whether it is still there, in s; absent where that is not planned. */
  readonly probedIn?: number;
}

/** The kernel's word for a timer that is neither a retransmission's nor a wait's. */
const KEEPALIVE = '02';
/** In which the kernel tells times, to a second. */
const TICKS = 100;

const STATES: Readonly<Record<string, string>> = {
  '01': 'ESTABLISHED',
  '02': 'SYN_SENT',
  '04': 'FIN_WAIT1',
  '05': 'FIN_WAIT2',
  '08': 'CLOSE_WAIT',
  '09': 'LAST_ACK',
  '0A': 'LISTEN',
};

export function socketsOf(pid: number): TcpSocket[] {
  const owned = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => inodeOf(pid, fd)));
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        // sl local rem st tx:rx tr:when retransmits uid timeout inode …
        const [, local = '', remote = '', state = '', , timer = '', , , , inode] = line
          .trim()
          .split(/\s+/u);
        if (inode === undefined || !owned.has(inode)) return [];
        const [kind, when = ''] = timer.split(':');
        return [
          {
            ...(kind === KEEPALIVE ? { probedIn: Number.parseInt(when, 16) / TICKS } : {}),
            state: STATES[state] ?? state,
            localPort: Number.parseInt(local.split(':')[1] ?? '', 16),
            remotePort: Number.parseInt(remote.split(':')[1] ?? '', 16),
          },
        ];
      }),
  );
}

/** Of the socket behind a file, '' where it is none or has just gone. */
function inodeOf(pid: number, fd: string): string {
  try {
    return /^socket:\[(\d+)\]$/u.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? '';
  } catch {
    return '';
  }
}
