/** User and system time together in ms, of microseconds; null if neither was measured. */
export function cpuMillis(time: { user: number | null; system: number | null }): number | null {
  if (time.user === null && time.system === null) return null;
  return ((time.user ?? 0) + (time.system ?? 0)) / 1000;
}
