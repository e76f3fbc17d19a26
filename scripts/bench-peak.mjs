// Loaded before a program that is measured (node --import): writes the most memory that was resident, in
// bytes, and the seconds of processor time that it took, into the file BENCH_PEAK_FILE when the program ends.
import { readFileSync, writeFileSync } from "node:fs";

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  writeFileSync(process.env.BENCH_PEAK_FILE, `${peakBytes()} ${(user + system) / 1e6}`);
});

/** Linux counts what the parent had before exec into maxRSS; VmHWM is this program's own. */
function peakBytes() {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"));
    if (line !== null) return Number(line[1]) * 1024;
  } catch {
    // not Linux
  }
  return process.resourceUsage().maxRSS * 1024;
}
