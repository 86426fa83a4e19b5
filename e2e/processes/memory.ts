/** How much memory a process has in use (Linux). Used by the benchmarks. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Resident memory, in bytes (proc(5) `VmRSS`). */
export function residentMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/mu.exec(status)?.[1]) * 1024;
}

/** The same once it has stopped to change by more than a hundredth in `calmMs`, or after `mostMs`. */
export async function settledMemory(pid: number, calmMs = 3_000, mostMs = 20_000): Promise<number> {
  let last = residentMemory(pid);
  for (let waited = 0; waited < mostMs; waited += calmMs) {
    await sleep(calmMs);
    const now = residentMemory(pid);
    if (Math.abs(now - last) < last / 100) return now;
    last = now;
  }
  return last;
}
