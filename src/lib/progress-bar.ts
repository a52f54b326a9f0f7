/** What a bar is drawn on: standard output, or a test's own. */
export interface ProgressScreen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Shows how far a piece of work has come: one line that fills up on a terminal, one plain line a step elsewhere. */
export class ProgressBar {
  readonly #screen: ProgressScreen;
  readonly #heading: string;

  constructor(heading: string, screen: ProgressScreen) {
    this.#heading = heading;
    this.#screen = screen;
  }

  /** `done` of `total` steps are behind us; `label` is what is being done. */
  show(done: number, total: number, label: string): void {
    if (this.#screen.isTTY !== true) {
      this.#screen.write(`${this.#heading} ${done}/${total} ${label}\n`);
      return;
    }
    this.#screen.write(`\r\x1b[K${clip(barLine(this.#heading, done, total, label), this.#screen.columns || DEFAULT_COLUMNS)}`);
  }

  /** Leaves the terminal on a fresh line. */
  end(): void {
    if (this.#screen.isTTY === true) this.#screen.write('\r\x1b[K');
  }
}

const BAR_LETTERS = 24;
/** Of a terminal that does not say it, or says none. */
const DEFAULT_COLUMNS = 80;

function barLine(heading: string, done: number, total: number, label: string): string {
  const share = total <= 0 ? 1 : Math.min(1, Math.max(0, done / total));
  const filled = Math.round(share * BAR_LETTERS);
  return `${heading} ${'█'.repeat(filled)}${'░'.repeat(BAR_LETTERS - filled)} ${done}/${total} ${label}`;
}

function clip(line: string, columns: number): string {
  return line.length < columns ? line : `${line.slice(0, Math.max(1, columns - 2))}…`;
}
