import type { HttpRequest } from '../server/exchange.ts';

/** Whether the answer is for a window or tab of its own; old browsers do not say. https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header */
export function isWindow(request: HttpRequest): boolean {
  const destination = request.header('sec-fetch-dest');
  return destination === null || destination === 'document';
}
