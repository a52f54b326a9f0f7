/** `45 s left`, `3 min left`, `2 h 10 min left`; null where nobody knows. */
export function timeLeft(seconds: number): string | null {
  if (!Number.isFinite(seconds)) return null;
  if (seconds < 90) return `${Math.ceil(seconds)} s left`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min left` : `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}
