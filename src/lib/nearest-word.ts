/** The word that was probably meant: at most two letters away, and no more than half of its letters. Null when none is. */
export function nearestWord(given: string, words: Iterable<string>): string | null {
  let nearest: string | null = null;
  let least = 3;
  for (const word of words) {
    const distance = editDistance(given.toLowerCase(), word.toLowerCase());
    if (distance < least && distance * 2 <= word.length) {
      nearest = word;
      least = distance;
    }
  }
  return nearest;
}

/** Letters to add, drop or change (Levenshtein). */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
