import type { AccessHandlers } from './access/access-handlers.ts';
import type { SignedHandlers } from './access/signed-paths.ts';
import type { AdminHandlers } from './admin/admin-handlers.ts';
import { adminRoutes } from './admin/admin-routes.ts';
import type { ApiDeps } from './api/api-deps.ts';
import { apiRoutes } from './api/api-routes.ts';
import type { LabHandlers } from './lab/lab.ts';
import type { RequestHandlers } from './pages/requests.ts';
import type { Handler, ReadyAnswer } from './server/exchange.ts';
import type { Route } from './server/router.ts';

/** Of a server that has its items itself: one handler for each row of `ownContentRoutes`. */
export interface OwnContentHandlers extends SignedHandlers {
  readonly image2: Handler;
  readonly image3: Handler;
  /** What these two answer without waiting. */
  readonly readyImage2: ReadyAnswer;
  readonly readyImage3: ReadyAnswer;
  readonly media: Handler;
  readonly stream: Handler;
  readonly probeService1: Handler;
  readonly manifest2: Handler;
  readonly manifest3: Handler;
  readonly collection2: Handler;
  readonly collection3: Handler;
  readonly givenManifest: Handler;
  readonly frontPage: Handler;
  readonly viewer: Handler;
  readonly manifestPage: Handler;
  readonly mediaPage: Handler;
  /** Of the demo's lab; null on any other server. */
  readonly lab: LabHandlers | null;
}

/** One handler for each other row. */
export interface Handlers extends AccessHandlers {
  readonly asking: RequestHandlers;
  readonly browserCheck: Handler;
  readonly browserCheckInside: Handler;
  readonly assets: Handler;
  readonly live: Handler;
  readonly ready: Handler;
  readonly metrics: Handler;
  readonly api: ApiDeps;
  /** Of the pages for administrators. */
  readonly admin: AdminHandlers;
}

/** Every URL of the server, in tables. The handlers judge who may see what; `reader` says who reads the answer. */
export function routes(content: readonly Route[], handlers: Handlers): readonly Route[] {
  const form = (path: string, show: Handler, submit: Handler): Route => ({
    methods: ['GET', 'POST'],
    path,
    reader: 'person',
    handler: (request) => (request.method === 'POST' ? submit(request) : show(request)),
  });
  return [
    ...content,

    form('/auth/access/:service', handlers.accessService, handlers.submitAccessService),
    form('/auth/access/1/:service', handlers.accessService, handlers.submitAccessService),
    get('/auth/token/1/:service', 'person', handlers.tokenService1),
    get('/auth/token/2/:service', 'person', handlers.tokenService2),
    get('/auth/probe/:identifier', 'viewer', handlers.probeService),
    get('/auth/logout/:service', 'person', handlers.logoutService),
    get('/auth/logout/1/:service', 'person', handlers.logoutService),

    form('/sign-in', handlers.signIn, handlers.submitSignIn),
    form('/sign-out', handlers.signOut, handlers.submitSignOut),
    form('/invitation/:secret', handlers.invitation, handlers.submitInvitation),
    form('/reset/:secret', handlers.reset, handlers.submitReset),
    form('/device/:secret', handlers.devicePage, handlers.submitDevicePage),
    form('/request-access', handlers.asking.request, handlers.asking.submitRequest),
    form('/requests', handlers.asking.requests, handlers.asking.submitRequests),
    form('/session', handlers.sessionPage, handlers.submitSessionPage),
    get('/identity/:name/start', 'person', handlers.identityStart),
    form('/identity/:name/callback', handlers.identityCallback, handlers.identityCallback),
    form('/identity/:name/logout', handlers.identityLogout, handlers.identityLogout),
    get('/identity/:name/metadata', 'person', handlers.identityMetadata),
    form('/tokens', handlers.tokensPage, handlers.submitTokensPage),

    ...adminRoutes(handlers.admin),

    get('/browser-check', 'person', handlers.browserCheck),
    get('/browser-check/frame', 'person', handlers.browserCheckInside),
    get('/assets/*name', 'program', handlers.assets),
    get('/livez', 'program', handlers.live),
    get('/readyz', 'program', handlers.ready),
    get('/metrics', 'program', handlers.metrics),
    ...apiRoutes(handlers.api),
  ];
}

/** Of a gateway: one handler for each row of `gatewayRoutes`. */
export interface GatewayHandlers {
  readonly image2: Handler;
  readonly image3: Handler;
  readonly signedImage2: Handler;
  readonly signedImage3: Handler;
  readonly givenManifest: Handler;
  readonly frontPage: Handler;
  readonly viewer: Handler;
  /** For proxies that ask before they get bytes from the upstream themselves: as nginx does, as Traefik and Caddy do. */
  readonly authRequest: Handler;
  readonly readyAuthRequest: ReadyAnswer;
  readonly forwardAuth: Handler;
  readonly readyForwardAuth: ReadyAnswer;
}

/** What a gateway has in front of image servers. */
export function gatewayRoutes(handlers: GatewayHandlers): readonly Route[] {
  return [
    get('/iiif/3/*rest', 'viewer', handlers.image3),
    get('/iiif/2/*rest', 'viewer', handlers.image2),
    get('/signed/:capability/iiif/3/*rest', 'viewer', handlers.signedImage3),
    get('/signed/:capability/iiif/2/*rest', 'viewer', handlers.signedImage2),
    { ...get('/gateway/auth-request', 'program', handlers.authRequest), ready: handlers.readyAuthRequest },
    { ...get('/gateway/forward-auth', 'program', handlers.forwardAuth), ready: handlers.readyForwardAuth },
    get('/presentation/manifests/:name', 'viewer', handlers.givenManifest),
    get('/', 'person', handlers.frontPage),
    get('/view/openseadragon/:identifier', 'person', handlers.viewer),
  ];
}

/** What a server has that has its items itself. */
export function ownContentRoutes(handlers: OwnContentHandlers): readonly Route[] {
  /** With an identifier first: a folder may be called `manifest` or `collection`. */
  const presentation = (path: string, { manifest, collection }: Record<'manifest' | 'collection', Handler>) => [
    get(`${path}/:identifier/manifest`, 'viewer', manifest),
    get(`${path}/:identifier/manifest/:part`, 'viewer', manifest),
    get(`${path}/:identifier/collection`, 'viewer', collection),
    get(`${path}/:identifier/collection/:part`, 'viewer', collection),
    get(`${path}/manifest`, 'viewer', manifest),
    get(`${path}/manifest/:part`, 'viewer', manifest),
    get(`${path}/collection`, 'viewer', collection),
    get(`${path}/collection/:part`, 'viewer', collection),
  ];
  const lab = (of: LabHandlers) => [
    get('/lab', 'person', of.lab),
    get('/lab/cases.json', 'viewer', of.labCases),
    get('/lab/:case', 'person', of.labCase),
    get('/lab/:case/manifest', 'viewer', of.labManifest),
    get('/index.json', 'viewer', of.labSources),
  ];
  return [
    { ...get('/iiif/3/*rest', 'viewer', handlers.image3), ready: handlers.readyImage3 },
    { ...get('/iiif/2/*rest', 'viewer', handlers.image2), ready: handlers.readyImage2 },
    get('/media/:identifier', 'viewer', handlers.media),
    get('/media/stream/*path', 'viewer', handlers.stream),
    get('/signed/:capability/iiif/3/*rest', 'viewer', handlers.signedImage3),
    get('/signed/:capability/iiif/2/*rest', 'viewer', handlers.signedImage2),
    get('/signed/:capability/media/:identifier', 'viewer', handlers.signedMedia),
    get('/signed/:capability/media/stream/*path', 'viewer', handlers.signedStream),
    ...presentation('/presentation/3', { manifest: handlers.manifest3, collection: handlers.collection3 }),
    ...presentation('/presentation/2', { manifest: handlers.manifest2, collection: handlers.collection2 }),
    get('/presentation/manifests/:name', 'viewer', handlers.givenManifest),
    get('/auth/probe/1/:identifier', 'viewer', handlers.probeService1),

    get('/', 'person', handlers.frontPage),
    get('/browse/*folder', 'person', handlers.frontPage),
    get('/view/media/:identifier', 'person', handlers.mediaPage),
    get('/view/manifest/:name', 'person', handlers.manifestPage),
    get('/view/:viewer', 'person', handlers.viewer),
    get('/view/:viewer/:identifier', 'person', handlers.viewer),
    ...(handlers.lab === null ? [] : lab(handlers.lab)),
  ];
}

function get(path: string, reader: Route['reader'], handler: Handler): Route {
  return { methods: ['GET'], path, reader, handler };
}
