import type { Handler } from '../server/exchange.ts';
import type { Route } from '../server/router.ts';
import type { AdminHandlers } from './admin-handlers.ts';

/** Every URL below `/admin`. */
export function adminRoutes(handlers: AdminHandlers): readonly Route[] {
  const get = (path: string, handler: Handler): Route => ({ methods: ['GET'], path, reader: 'person', handler });
  const post = (path: string, handler: Handler): Route => ({ methods: ['POST'], path, reader: 'person', handler });
  const form = (path: string, show: Handler, submit: Handler): Route => ({
    methods: ['GET', 'POST'],
    path,
    reader: 'person',
    handler: (request) => (request.method === 'POST' ? submit(request) : show(request)),
  });
  return [
    get('/admin', handlers.overview),
    form('/admin/sign-in', handlers.signIn, handlers.submitSignIn),
    post('/admin/sign-out', handlers.submitSignOut),
    form('/admin/first/:secret', handlers.first, handlers.submitFirst),

    get('/admin/you', handlers.you),
    post('/admin/you/password', handlers.submitOwnPassword),
    post('/admin/you/sessions', handlers.submitOwnSession),
  ];
}
