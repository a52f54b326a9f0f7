import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Passage } from './passage.ts';
import { createPlainReader, type PlainHead } from './plain-head.ts';

/** Answers that are there already, in front of Node's HTTP server. */
export interface FrontDoor {
  /** The whole answer to a simple request as it goes over the wire; null where it must be made inside. */
  readonly answer: (head: PlainHead, socket: Socket) => Uint8Array | null;
  /** Until the first request must have come. */
  readonly firstMilliseconds: number;
  /** Between two requests. */
  readonly idleMilliseconds: number;
}

/** One connection. */
interface Visit {
  /** Exchanges that Node's server has under way; with none, the connection waits at the door. */
  inside: number;
  /** Whether nothing that comes is looked at here any more. */
  forGood: boolean;
  hasAsked: boolean;
  /** There from the first request on that needs it. */
  passage: Passage | null;
}

export interface OpenDoor {
  /** Closes the connections that have had their answer and ask for nothing more at the moment. */
  closeIdle(): void;
  /** Closes those that ask for nothing, and each other one as soon as its answer has ended. */
  closeSoon(): void;
}

const exchanges = new WeakMap<object, () => void>();

/**
 * Stands in front of a server's own listener. A request in the plain form that can be answered at once is; any other goes
 * in, and the connection comes back when its answer has ended. Whatever is not in the plain form, or arrives in pieces,
 * goes in with all that follows.
 */
export function openFrontDoor(server: Server, event: 'connection' | 'secureConnection', door: FrontDoor): OpenDoor {
  const listeners = server.listeners(event);
  server.removeAllListeners(event);
  const visits = new Map<Socket, Visit>();
  let closing = false;

  const letIn = (passage: Passage): void => {
    for (const listener of listeners) listener.call(server, passage);
  };

  const waitAgain = (socket: Socket, visit: Visit): void => {
    visit.hasAsked = true;
    if (closing) socket.end();
    else socket.setTimeout(door.idleMilliseconds);
  };

  server.on(event, (socket: Socket) => {
    const visit: Visit = { inside: 0, forGood: false, hasAsked: false, passage: null };
    visits.set(socket, visit);
    socket.once('close', () => visits.delete(socket));
    receive(socket, visit, door, () => makePassage(socket, visit, letIn, () => waitAgain(socket, visit)));
  });

  return {
    closeIdle() {
      for (const [socket, visit] of visits) if (isAtTheDoor(visit) && visit.hasAsked) socket.destroy();
    },
    closeSoon() {
      closing = true;
      for (const [socket, visit] of visits) if (isAtTheDoor(visit)) socket.destroy();
    },
  };
}

/** To be called when the answer of an exchange has ended, with the socket that its request named. */
export function endExchange(socket: object): void {
  exchanges.get(socket)?.();
}

function isAtTheDoor({ inside, forGood }: Visit): boolean {
  return inside === 0 && !forGood;
}

function receive(socket: Socket, visit: Visit, door: FrontDoor, open: () => Passage): void {
  const read = createPlainReader();

  const goIn = (chunk: Buffer): void => {
    // An answer may take its time; how long a request may take to come is for Node's server to say.
    socket.setTimeout(0);
    visit.passage ??= open();
    visit.passage.enter(chunk);
  };

  socket.setNoDelay(true);
  socket.setTimeout(door.firstMilliseconds);
  socket.on('data', (chunk: Buffer) => {
    const head = visit.forGood ? null : read(chunk);
    if (head === null) {
      visit.forGood = true;
      return goIn(chunk);
    }
    // Answers leave in the order of their requests, and what a slow reader has not taken yet is not added to.
    const mayAnswer = head.isSimple && visit.inside === 0 && socket.writableLength === 0;
    const answer = mayAnswer ? door.answer(head, socket) : null;
    if (answer === null) {
      visit.inside += 1;
      return goIn(chunk);
    }
    if (!visit.hasAsked) socket.setTimeout(door.idleMilliseconds);
    visit.hasAsked = true;
    socket.write(answer);
  });
  socket.on('timeout', () => {
    if (isAtTheDoor(visit)) socket.destroy();
    else visit.passage?.emit('timeout');
  });
  socket.on('end', () => {
    if (isAtTheDoor(visit)) socket.end();
    else visit.passage?.enterEnd();
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => visit.passage?.destroy());
}

function makePassage(socket: Socket, visit: Visit, letIn: (passage: Passage) => void, onAtTheDoor: () => void): Passage {
  const passage = new Passage(socket);
  exchanges.set(passage, () => {
    visit.inside = Math.max(0, visit.inside - 1);
    if (isAtTheDoor(visit)) onAtTheDoor();
  });
  passage.on('error', () => socket.destroy());
  letIn(passage);
  return passage;
}
