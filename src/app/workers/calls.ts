/** Functions that another process may call: named, with data in and data out. */
export type Callable = { readonly [name: string]: (...given: never[]) => Promise<unknown> };

export type Call<Functions extends Callable> = <Name extends keyof Functions & string>(
  name: Name,
  ...given: Parameters<Functions[Name]>
) => ReturnType<Functions[Name]>;

/** One end of the line between two processes: `process` in one that was forked, the child in the other. */
export interface Line {
  send(message: unknown, done: (error: Error | null) => void): unknown;
  on(event: 'message', hear: (message: unknown) => void): unknown;
  once(event: 'disconnect', hear: () => void): unknown;
}

type Message =
  | { readonly vitrine: 'call'; readonly id: number; readonly name: string; readonly given: readonly unknown[] }
  | { readonly vitrine: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly vitrine: 'failure'; readonly id: number; readonly sentence: string };

/** Lets the other end call these functions. Of what one throws, the other end learns the message. */
export function answerCalls(line: Line, functions: Callable): void {
  const perform = async (name: string, given: readonly unknown[]): Promise<unknown> => {
    const called = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (called === undefined) throw new Error(`There is no function ${name}.`);
    return called(...(given as never[]));
  };
  line.on('message', (message) => {
    if (!isMessage(message) || message.vitrine !== 'call') return;
    const { id, name, given } = message;
    perform(name, given).then(
      (answer) => say(line, { vitrine: 'answer', id, answer }),
      (error: unknown) => say(line, { vitrine: 'failure', id, sentence: error instanceof Error ? error.message : String(error) }),
    );
  });
}

/** Calls functions of the other end. Rejects where the function throws, or the line ends before the answer. */
export function callOver<Functions extends Callable>(line: Line): Call<Functions> {
  const open = new Map<number, { readonly resolve: (answer: never) => void; readonly reject: (error: Error) => void }>();
  let last = 0;

  const giveUp = (id: number, error: Error): void => {
    open.get(id)?.reject(error);
    open.delete(id);
  };
  line.on('message', (message) => {
    if (!isMessage(message) || message.vitrine === 'call') return;
    if (message.vitrine === 'failure') return giveUp(message.id, new Error(message.sentence));
    open.get(message.id)?.resolve(message.answer as never);
    open.delete(message.id);
  });
  line.once('disconnect', () => {
    for (const id of open.keys()) giveUp(id, new Error('The other process has ended.'));
  });

  return (name, ...given) => {
    last += 1;
    const id = last;
    const answer = new Promise<never>((resolve, reject) => open.set(id, { resolve, reject }));
    line.send({ vitrine: 'call', id, name, given } satisfies Message, (error) => {
      if (error !== null) giveUp(id, error);
    });
    return answer as ReturnType<Functions[typeof name]>;
  };
}

/** Whoever waited for it has ended with the line. */
function say(line: Line, message: Message): void {
  line.send(message, () => {});
}

function isMessage(message: unknown): message is Message {
  return typeof message === 'object' && message !== null && 'vitrine' in message;
}
