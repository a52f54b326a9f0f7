/**
 * Node hands each connection to a worker and waits until the worker says that it has it. Of one that ends before that, Node
 * hears nothing any more, and keeps the connection: whoever opened it would wait for ever. So it is told, in the place
 * of the worker and in its words, that the connection was not taken, and hands it to the next one.
 */
import type { Worker } from 'node:cluster';

/** What Node's cluster module says between its processes. */
interface ClusterMessage {
  readonly cmd?: unknown;
  readonly act?: unknown;
  readonly seq?: unknown;
  readonly ack?: unknown;
}

const CLUSTER = 'NODE_CLUSTER';

/** For a worker that has just been started. */
export function handOnLostConnections(worker: Worker): void {
  const child = worker.process;
  const untaken = new Set<number>();
  const send = child.send.bind(child) as (...words: readonly unknown[]) => boolean;
  child.send = (...words: readonly unknown[]) => {
    const [message] = words as readonly ClusterMessage[];
    if (message?.cmd === CLUSTER && message.act === 'newconn' && typeof message.seq === 'number') untaken.add(message.seq);
    return send(...words);
  };
  child.on('internalMessage', ({ ack }: ClusterMessage) => {
    if (typeof ack === 'number') untaken.delete(ack);
  });
  // Once it is both ended and cut off, Node does not hand anything more to it.
  const handOn = (): void => {
    for (const ack of [...untaken]) child.emit('internalMessage', { cmd: CLUSTER, ack, accepted: false });
  };
  worker.once('disconnect', handOn);
  // With a connection on its way, Node does not tell that a worker was cut off.
  worker.once('exit', () => {
    if (!worker.isConnected()) handOn();
  });
}
