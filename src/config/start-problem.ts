/** Why a command cannot do its work: sentences for the person who typed it, without a stack. */
export class StartProblem extends Error {
  override readonly name = 'StartProblem';
  readonly sentences: readonly string[];
  /** 2 for a mistake in the command or its options, 1 for everything else. */
  readonly exitCode: 1 | 2;

  constructor(sentences: readonly string[], exitCode: 1 | 2 = 1, options?: ErrorOptions) {
    super(sentences.join(' '), options);
    this.sentences = sentences;
    this.exitCode = exitCode;
  }
}
