/** A promise whose value can be looked at as soon as it is there, without waiting for a turn. */
export interface Settling<T> {
  readonly promise: Promise<T>;
  /** Undefined until the promise is fulfilled. */
  readonly value: T | undefined;
}

/** Watches a promise; its rejection is still for whoever waits for it. */
export function settling<T>(promise: Promise<T>): Settling<T> {
  const state: { promise: Promise<T>; value: T | undefined } = { promise, value: undefined };
  promise.then(
    (value) => {
      state.value = value;
    },
    () => {},
  );
  return state;
}
