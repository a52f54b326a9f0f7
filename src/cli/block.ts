/** What a person reads after the start: names in one column, values in the other, then notices. */
export function block(rows: ReadonlyArray<readonly [name: string, value: string]>, notices: readonly string[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.flatMap(([name, value]) =>
    value.split('\n').map((line, index) => `  ${(index === 0 ? name : '').padEnd(width)}  ${line}`),
  );
  const notes = notices.map((notice) => `  ! ${notice}`);
  const parts = notes.length === 0 ? [lines] : [lines, notes];
  return `\n${parts.map((part) => part.join('\n')).join('\n\n')}\n\n  Stop with Ctrl+C.\n\n`;
}
