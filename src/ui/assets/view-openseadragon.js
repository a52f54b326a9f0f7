// A small IIIF viewer: OpenSeadragon, and the authorization flow around it.
// https://iiif.io/api/auth/1.0/ and https://iiif.io/api/auth/2.0/
//
// <div id="vitrine-viewer" data-info="https://…/info.json" data-auth="2"></div>
//
// The element may be on any site. `data-info` is the information document, `data-auth` the version to speak (1 or 2; `?auth=`
// of the page goes first), `data-probe` the probe service of the picture, for 2.0: a document that was redirected to a lesser
// version names the version's; `data-icons` the folder of OpenSeadragon's buttons, `data-access` is `role-missing` where the page
// knows that signing in was not enough. `data-state` says what is going on: loading, locked, tier (a lesser version is shown), waiting, checking, open, closed or failed.
(() => {
  const TEXTS = {
    en: {
      loading: 'The picture is being opened …',
      open: 'The picture is open.',
      tier: 'This is a preview. For more:',
      tierNamed: 'This is “{label}”. For more:',
      versions: 'Versions of the picture',
      whole: 'The picture itself',
      window: 'A window has to open for this picture.',
      locked: 'This picture is locked.',
      waiting: 'Go on in the window that has opened. When it closes, the picture appears here.',
      checking: 'Asking whether the picture is open now …',
      cancel: 'Cancel',
      retry: 'Try again',
      proceed: 'Go on',
      signOut: 'Sign out',
      signingOut: 'Signing out …',
      blocked: 'Your browser kept the window from opening. Allow windows of this site, and try again.',
      noAnswer: 'The server did not answer. It may be out of reach from here.',
      noDocument: 'The server’s answer could not be understood.',
      noPicture: 'The picture could not be opened.',
      closed: 'This picture is closed.',
      stillLocked: 'The picture is still locked.',
      noToken: 'The window was closed before access was given.',
      slowToken: 'The server did not say in time whether you have access.',
      noTiles: 'You have access, but the picture does not come. Your browser may be blocking the cookies of {host}.',
    },
    de: {
      loading: 'Das Bild wird geöffnet …',
      open: 'Das Bild ist offen.',
      tier: 'Dies ist eine Vorschau. Für mehr:',
      tierNamed: 'Dies ist „{label}“. Für mehr:',
      versions: 'Fassungen des Bildes',
      whole: 'Das Bild selbst',
      window: 'Für dieses Bild muss sich ein Fenster öffnen.',
      locked: 'Dieses Bild ist gesperrt.',
      waiting: 'Machen Sie in dem Fenster weiter, das sich geöffnet hat. Wenn es sich schließt, erscheint das Bild hier.',
      checking: 'Es wird gefragt, ob das Bild jetzt offen ist …',
      cancel: 'Abbrechen',
      retry: 'Noch einmal versuchen',
      proceed: 'Weiter',
      signOut: 'Abmelden',
      signingOut: 'Sie werden abgemeldet …',
      blocked: 'Ihr Browser hat das Fenster nicht geöffnet. Erlauben Sie Fenster dieser Seite und versuchen Sie es noch einmal.',
      noAnswer: 'Der Server hat nicht geantwortet. Vielleicht ist er von hier nicht erreichbar.',
      noDocument: 'Die Antwort des Servers war nicht zu verstehen.',
      noPicture: 'Das Bild ließ sich nicht öffnen.',
      closed: 'Dieses Bild ist geschlossen.',
      stillLocked: 'Das Bild ist weiterhin gesperrt.',
      noToken: 'Das Fenster wurde geschlossen, bevor der Zugang erteilt war.',
      slowToken: 'Der Server hat nicht rechtzeitig gesagt, ob Sie Zugang haben.',
      noTiles: 'Sie haben Zugang, aber das Bild kommt nicht. Vielleicht blockiert Ihr Browser die Cookies von {host}.',
    },
    fr: {
      loading: 'Ouverture de l’image …',
      open: 'L’image est ouverte.',
      tier: 'Ceci est un aperçu. Pour en voir plus :',
      tierNamed: 'Ceci est « {label} ». Pour en voir plus :',
      versions: 'Versions de l’image',
      whole: 'L’image elle-même',
      window: 'Une fenêtre doit s’ouvrir pour cette image.',
      locked: 'Cette image est protégée.',
      waiting: 'Continuez dans la fenêtre qui s’est ouverte. Quand elle se ferme, l’image apparaît ici.',
      checking: 'Vérification de l’accès à l’image …',
      cancel: 'Annuler',
      retry: 'Réessayer',
      proceed: 'Continuer',
      signOut: 'Se déconnecter',
      signingOut: 'Déconnexion …',
      blocked: 'Votre navigateur a empêché la fenêtre de s’ouvrir. Autorisez les fenêtres de ce site et réessayez.',
      noAnswer: 'Le serveur n’a pas répondu. Il est peut-être hors d’atteinte.',
      noDocument: 'La réponse du serveur n’a pas pu être comprise.',
      noPicture: 'L’image n’a pas pu être ouverte.',
      closed: 'Cette image est fermée.',
      stillLocked: 'L’image est toujours protégée.',
      noToken: 'La fenêtre a été fermée avant que l’accès soit donné.',
      slowToken: 'Le serveur n’a pas dit à temps si vous avez accès.',
      noTiles: 'Vous avez accès, mais l’image n’arrive pas. Votre navigateur bloque peut-être les cookies de {host}.',
    },
  };
  const WINDOW_POLL_MILLISECONDS = 250;
  const TOKEN_TIMEOUT_MILLISECONDS = 8000;
  /** The token page speaks of its button right after its answer. */
  const BUTTON_MILLISECONDS = 100;
  /** A sign-out window may stay open: by then the server has ended the session. */
  const SIGN_OUT_MILLISECONDS = 2000;

  /** A sentence for the reader, on its way to the panels. */
  class Said extends Error {
    constructor(said) {
      super(said.heading);
      this.said = said;
    }
  }

  const root = document.getElementById('vitrine-viewer');
  const query = new URLSearchParams(location.search);
  const informationUri = new URL(root.dataset.info ?? query.get('info'), location.href).href;
  const itemProbe = root.dataset.probe ?? query.get('probe');
  const version = (query.get('auth') ?? root.dataset.auth) === '1' ? 1 : 2;
  const icons = root.dataset.icons ?? new URL('vendor/openseadragon/images/', document.currentScript.src).href;
  const language = (document.documentElement.lang || 'en').split('-')[0];
  const t = TEXTS[language] ?? TEXTS.en;

  const area = element('div', { className: 'picture-area' });
  const panels = element('div', { className: 'panels', hidden: true });
  const status = element('span', { role: 'status' });
  const actions = element('span', { className: 'buttons' });
  const bar = element('div', { className: 'state' });
  bar.append(status, actions);
  area.append(panels);
  root.classList.add('vitrine-viewer');
  root.append(area, bar);

  // OpenSeadragon adds an inline style unless one with this mark is there, and policies would object. This one styles nothing.
  const mark = document.createElementNS(null, 'style');
  mark.setAttribute('data-openseadragon-mobile-css', 'true');
  document.head.append(mark);

  let picture = null;
  let token = null;
  /** The information document of what is to be seen: of the picture, or of a version of it that is locked itself. */
  let asked = informationUri;
  /** Whether the reader has been through a service: then what is still locked is a problem. */
  let hasTried = root.dataset.access === 'role-missing';
  /** Services that nobody is asked about, once each. */
  const unasked = new Set();
  /** Takes away the frame with the button of the token page. */
  let dismissFrame = () => undefined;
  load();

  // The flow

  async function load(problem = null) {
    setState('loading', t.loading);
    closePicture();
    try {
      const answer = await judge(await fetchJson(asked));
      const next = answer.services.find((service) => isUnasked(service) && !unasked.has(service.token.id));
      if (next !== undefined && answer.outcome !== 'open') return goAhead(next, answer.services.every(isUnasked));
      if (answer.outcome === 'tier') return await openTier(answer, problem ?? answer.problem);
      if (answer.outcome === 'open') return openPicture(answer.information, answer.services);
      if (answer.outcome === 'closed') return showClosed(answer);
      return showLocked(answer, problem ?? answer.problem);
    } catch (error) {
      showFailed(error);
    }
  }

  /** Whether the picture is open, and if not, which access services may open it, and what lesser versions there are. */
  async function judge({ ok, status: httpStatus, redirected, document: information }) {
    const nothing = { services: [], versions: [], problem: null };
    const found = version === 2 ? (services2(information) ?? services1(information)) : (services1(information) ?? services2(information));
    if (found === null) {
      if (ok) return { ...nothing, outcome: 'open', information };
      return { ...nothing, outcome: 'closed', heading: say(information.title) ?? t.closed, note: say(information.detail) };
    }
    const services = found.access;
    const failure = { ...nothing, services, problem: hasTried ? failureOf(services) : null };
    // 1.0 §3.2: the document of a lower tier, with the services of the better one.
    const redirectedTo = ok && redirected ? [{ information, label: null, isLocked: false }] : [];
    const probe = version === 2 && asked === informationUri && itemProbe !== null ? itemProbe : redirected ? null : found.probe?.id;
    if (probe === null || probe === undefined) {
      if (redirectedTo.length > 0) return { ...failure, outcome: 'tier', versions: redirectedTo };
      if (ok) return { ...nothing, services, outcome: 'open', information };
      if (httpStatus !== 401) return { ...nothing, outcome: 'closed', heading: say(information.title), note: say(information.detail) };
      return { ...failure, outcome: 'locked' };
    }
    const result = (await fetchJson(probe)).document;
    if (result.status >= 200 && result.status < 300) return { ...nothing, services, outcome: 'open', information };
    const elsewhere = imageServiceOf(result.location);
    if (elsewhere !== null) return { ...nothing, services, outcome: 'open', information: elsewhere };
    const said = {
      heading: say(result.heading) ?? say(found.probe?.errorHeading) ?? t.stillLocked,
      note: say(result.note) ?? say(found.probe?.errorNote),
    };
    const named = versionsOf(result);
    const versions = named.length > 0 ? named : redirectedTo;
    const isClosed = services.length === 0 || result.status !== 401;
    const problem = isClosed || hasTried ? said : null;
    const rest = { services: isClosed ? [] : services, versions, problem };
    if (versions.some(({ isLocked }) => !isLocked)) return { ...rest, outcome: 'tier' };
    return isClosed ? { ...rest, ...said, outcome: 'closed' } : { ...rest, outcome: 'locked' };
  }

  /** 2.0 §5.2: the lesser versions that are pictures, as the server names them. Some are locked themselves. */
  function versionsOf(result) {
    return list(result.substitute).flatMap((resource) => {
      const information = imageServiceOf(resource);
      if (information === null) return [];
      const within = list(resource.service).flatMap((service) => [service, ...list(service.service)]);
      return [{ information, label: say(resource.label), isLocked: within.some(({ type }) => type === 'AuthProbeService2') }];
    });
  }

  /** The information document of the image service of a resource; null where it has none. */
  function imageServiceOf(resource) {
    const image = list(resource?.service).find((service) => /^ImageService\d$/.test(service.type ?? service['@type']));
    return image === undefined ? null : `${httpUri(image.id ?? image['@id'])}/info.json`;
  }

  /** Without a question to the reader. https://iiif.io/api/auth/1.0/#kiosk-interaction-pattern and #external-interaction-pattern */
  function isUnasked({ profile }) {
    return profile === 'kiosk' || profile === 'external';
  }

  /** `isLast`: nothing else is left to the reader, who is to hear why it did not help. */
  async function goAhead(service, isLast) {
    unasked.add(service.token.id);
    try {
      setState('checking', t.checking);
      await obtainToken(service, t.window);
      return load();
    } catch (error) {
      if (error instanceof Said) return load(isLast ? error.said : null);
      showFailed(error);
    }
  }

  /** From the click to the token. Everything that can go wrong ends in the panels, with a sentence. */
  async function getAccess(service) {
    try {
      hasTried = (await obtainToken(service, t.blocked)) || hasTried;
      return load();
    } catch (error) {
      if (error instanceof Said) return load(error.said);
      showFailed(error);
    }
  }

  /** False when the reader gave up waiting for the window. `blocked` is said where the browser opens none. */
  async function obtainToken(service, blocked) {
    dismissFrame();
    if (service.profile !== 'external') {
      const opened = openWindow(service.id);
      if (opened === null) throw new Said({ heading: blocked });
      closePicture();
      setState('waiting', t.waiting);
      if (!(await windowClosed(opened, showWaiting()))) return false;
    }
    setState('checking', t.checking);
    token = await requestToken(service);
    return true;
  }

  async function signOut(service) {
    closePicture();
    dismissFrame();
    token = null;
    hasTried = false;
    setState('loading', t.signingOut);
    const opened = window.open(httpUri(service.logout.id), '_blank');
    await Promise.race([opened === null ? Promise.resolve() : windowClosed(opened, new Promise(() => {})), pause(SIGN_OUT_MILLISECONDS)]);
    refreshHeader();
    load();
  }

  // What the server says

  /** With the token where there is one. No cookies go to another site: the token stands for them. */
  async function fetchJson(uri) {
    const headers = token === null ? {} : { Authorization: `Bearer ${token}` };
    const response = await fetch(httpUri(uri), { headers }).catch(() => {
      throw new Said({ heading: t.noAnswer });
    });
    const document = await response.json().catch(() => {
      throw new Said({ heading: t.noDocument });
    });
    return { ok: response.ok, status: response.status, redirected: response.redirected, document };
  }

  /** Authorization Flow 2.0 §2.1: the probe service, and the access services in it. */
  function services2(information) {
    const probe = list(information.service).find(({ type }) => type === 'AuthProbeService2');
    if (probe === undefined) return null;
    const access = list(probe.service)
      .filter(({ type }) => type === 'AuthAccessService2')
      .map((service) => ({
        id: service.id,
        profile: service.profile,
        label: say(service.label),
        heading: say(service.heading),
        note: say(service.note),
        confirmLabel: say(service.confirmLabel),
        token: list(service.service).find(({ type }) => type === 'AuthAccessTokenService2'),
        logout: list(service.service).find(({ type }) => type === 'AuthLogoutService2'),
      }));
    return { probe, access: usable(access) };
  }

  /** Authentication 1.0 §2.1: the access cookie services. */
  function services1(information) {
    const access = list(information.service)
      .filter(({ profile }) => /^http:\/\/iiif\.io\/api\/auth\/1\/(login|clickthrough|kiosk|external)$/.test(profile))
      .map((service) => ({
        id: service['@id'],
        profile: service.profile.split('/').at(-1),
        label: say(service.label),
        heading: say(service.header),
        note: say(service.description),
        confirmLabel: say(service.confirmLabel),
        failure: { heading: say(service.failureHeader) ?? t.stillLocked, note: say(service.failureDescription) },
        token: named(service, 'token'),
        logout: named(service, 'logout'),
      }));
    return access.length === 0 ? null : { probe: null, access: usable(access) };
  }

  function named(service, name) {
    const found = list(service.service).find(({ profile }) => profile === `http://iiif.io/api/auth/1/${name}`);
    return found === undefined ? undefined : { id: found['@id'], label: found.label };
  }

  function usable(services) {
    return services.filter((service) => service.token !== undefined && (service.id !== undefined || service.profile === 'external'));
  }

  function failureOf(services) {
    return services.map(({ failure }) => failure).find((failure) => failure !== undefined) ?? { heading: t.stillLocked };
  }

  /**
   * 1.0 §2.2.4, 2.0 §4.2: a frame that nobody sees, and the message that comes out of it. Where the browser keeps the cookie
   * from the frame, and a click in it may help, the frame is shown: the token may come yet.
   */
  function requestToken(service) {
    const messageId = `${Date.now()}-${Math.random()}`;
    const uri = new URL(httpUri(service.token.id));
    uri.searchParams.set('messageId', messageId);
    uri.searchParams.set('origin', location.origin);
    const frame = element('iframe', { title: t.checking, src: uri.href });
    return new Promise((resolve, reject) => {
      let timer = setTimeout(() => end(() => reject(new Said({ heading: t.slowToken }))), TOKEN_TIMEOUT_MILLISECONDS);
      const end = (finish) => {
        clearTimeout(timer);
        window.removeEventListener('message', listen);
        frame.remove();
        finish();
      };
      const offer = () => {
        frame.classList.add('asking');
        dismissFrame = () => end(() => undefined);
      };
      const listen = ({ data, origin, source }) => {
        if (origin !== uri.origin || source !== frame.contentWindow) return;
        if (data?.type === 'VitrineCookieButton') return offer();
        if (data?.messageId !== messageId) return;
        if (typeof data.accessToken === 'string') return end(() => (isOffered() ? useToken(data.accessToken) : resolve(data.accessToken)));
        const problem = new Said(tokenProblem(data, service));
        clearTimeout(timer);
        timer = setTimeout(() => (isOffered() ? reject(problem) : end(() => reject(problem))), BUTTON_MILLISECONDS);
      };
      const isOffered = () => frame.classList.contains('asking');
      window.addEventListener('message', listen);
      root.append(frame);
    });
  }

  function useToken(late) {
    token = late;
    hasTried = true;
    load();
  }

  function tokenProblem(data, service) {
    const heading = say(data.heading) ?? say(service.token.errorHeading) ?? service.failure?.heading ?? t.noToken;
    const note = say(data.note) ?? say(data.description) ?? say(service.token.errorNote) ?? service.failure?.note ?? null;
    return { heading, note };
  }

  // Windows

  function openWindow(id) {
    const uri = new URL(httpUri(id));
    uri.searchParams.set('origin', location.origin);
    return window.open(uri.href, '_blank', 'popup,width=560,height=720');
  }

  /** True once the window has closed; false when the reader gave up before. */
  function windowClosed(opened, cancelled) {
    return new Promise((resolve) => {
      const timer = setInterval(() => opened.closed && end(true), WINDOW_POLL_MILLISECONDS);
      const end = (answer) => {
        clearInterval(timer);
        resolve(answer);
      };
      cancelled.then(() => {
        opened.close();
        end(false);
      });
    });
  }

  // What is seen

  /** A lesser version, and beside it the others and the ways to the item itself. */
  async function openTier({ services, versions }, problem, shown = versions.find(({ isLocked }) => !isLocked)) {
    closePicture();
    // With our token: OpenSeadragon would ask without one, and a version may be for those who have signed in.
    const { information } = shown;
    showPicture(typeof information === 'string' ? (await fetchJson(information)).document : information, []);
    setState('tier', problem?.heading ?? (shown.label === null ? t.tier : t.tierNamed.replace('{label}', shown.label)));
    showVersions(versions, shown, (chosen) => openTier({ services, versions }, problem, chosen).catch(showFailed));
    actions.append(...services.map((service) => button(service.confirmLabel ?? t.proceed, () => getAccess(service), 'confirm')));
    if (token !== null) showSignOut(services);
  }

  /** One that is locked itself has a flow of its own, and a way back. */
  function showVersions(versions, shown, open) {
    const isChoice = versions.length > 1 || shown === null;
    const buttons = !isChoice
      ? []
      : versions.map((each) => {
          const made = button(each.label ?? t.tier, () => (each.isLocked ? look(each.information) : open(each)), 'version');
          made.setAttribute('aria-pressed', String(each === shown));
          return made;
        });
    if (asked !== informationUri) buttons.push(button(t.whole, () => look(informationUri), 'version'));
    if (buttons.length === 0) return;
    const group = element('span', { className: 'versions', role: 'group', ariaLabel: t.versions });
    group.append(...buttons);
    actions.append(group);
  }

  function look(uri) {
    asked = uri;
    hasTried = false;
    load();
  }

  function openPicture(information, services) {
    setState('open', t.open);
    if (token !== null) refreshHeader();
    showPicture(information, services);
    showVersions([], null, look);
    showSignOut(services);
  }

  function showPicture(information, services) {
    const stage = element('div', { className: 'picture-stage', ariaLabel: root.dataset.title ?? '' });
    area.append(stage);
    // Plain images: they bring the reader's cookies from any site, which crossorigin attributes would not.
    picture = OpenSeadragon({
      element: stage,
      prefixUrl: icons,
      tileSources: information,
      drawer: 'canvas',
      crossOriginPolicy: false,
      showNavigator: true,
      showRotationControl: true,
      gestureSettingsTouch: { pinchRotate: true },
      maxZoomPixelRatio: 4,
    });
    let tilesCame = false;
    picture.addHandler('tile-loaded', () => {
      tilesCame = true;
    });
    picture.addHandler('tile-load-failed', () => {
      if (!tilesCame && services.length > 0) status.textContent = t.noTiles.replace('{host}', new URL(informationUri).host);
    });
    picture.addHandler('open-failed', () => showFailed(new Said({ heading: t.noPicture })));
  }

  /** On our own pages the header says who is signed in, which has just changed. It is no harm if it stays behind. */
  async function refreshHeader() {
    const header = document.querySelector('.site .visitor');
    if (header === null) return;
    const page = await fetch(location.href)
      .then((response) => response.text())
      .catch(() => '');
    const renewed = new DOMParser().parseFromString(page, 'text/html').querySelector('.site .visitor');
    if (renewed !== null) header.replaceWith(renewed);
  }

  function showSignOut(services) {
    const byId = new Map(services.filter(({ logout }) => logout !== undefined).map((service) => [service.logout.id, service]));
    for (const service of byId.values()) {
      actions.append(button(say(service.logout.label) ?? t.signOut, () => signOut(service), 'sign-out'));
    }
  }

  function closePicture() {
    picture?.destroy();
    picture = null;
    area.querySelector('.picture-stage')?.remove();
    actions.replaceChildren();
  }

  function showLocked({ services, versions }, problem) {
    setState('locked', problem?.heading ?? t.locked);
    panels.replaceChildren(
      ...services.map((service, at) => {
        const confirm = button(service.confirmLabel ?? t.proceed, () => getAccess(service), 'confirm primary');
        const heading = service.heading ?? service.label ?? t.locked;
        const label = service.label === heading ? null : service.label;
        return panel(heading, [at === 0 ? problem : null, { note: label }, service], [confirm]);
      }),
    );
    panels.hidden = false;
    showVersions(versions, null, look);
    if (token !== null) showSignOut(services);
  }

  /** Resolves when the reader does not want to wait any more. */
  function showWaiting() {
    return new Promise((resolve) => {
      panels.replaceChildren(panel(t.locked, [{ note: t.waiting }], [button(t.cancel, resolve, 'cancel')]));
      panels.hidden = false;
    });
  }

  function showClosed({ heading, note, versions }) {
    setState('closed', heading ?? t.closed);
    panels.replaceChildren(panel(heading ?? t.closed, [{ note }], []));
    panels.hidden = false;
    showVersions(versions, null, look);
  }

  function showFailed(error) {
    closePicture();
    const said = error instanceof Said ? error.said : { heading: t.noPicture };
    setState('failed', said.heading);
    panels.replaceChildren(panel(said.heading, [{ note: said.note ?? null }], [button(t.retry, () => load(), 'retry primary')]));
    panels.hidden = false;
  }

  function setState(state, text) {
    root.dataset.state = state;
    status.textContent = text;
    if (state === 'open' || state === 'tier' || state === 'loading') panels.hidden = true;
  }

  function panel(heading, parts, buttons) {
    const made = element('section', { className: 'panel' });
    made.append(element('h2', { textContent: heading }));
    for (const part of parts.filter((each) => each !== null)) made.append(...partOf(part));
    const row = element('p', { className: 'buttons' });
    row.append(...buttons);
    made.append(row);
    return made;
  }

  /** A problem is shown with its heading; a service's heading is that of the panel. */
  function partOf(part) {
    const isProblem = part.id === undefined && part.heading !== undefined;
    if (!isProblem) return part.note ? [element('p', { className: 'note', textContent: part.note })] : [];
    const error = element('p', { className: 'error', role: 'alert' });
    error.append(element('strong', { textContent: part.heading }), part.note ? ` ${part.note}` : '');
    return [error];
  }

  function button(text, act, className) {
    const made = element('button', { type: 'button', className, textContent: text });
    made.addEventListener('click', act);
    return made;
  }

  function element(name, properties) {
    return Object.assign(document.createElement(name), properties);
  }

  // Small things

  /** A string, a list of them, or a language map: the text for this reader, or null. */
  function say(value) {
    if (value === undefined || value === null) return null;
    if (typeof value === 'string') return value;
    if (Array.isArray(value)) return value.map((each) => (typeof each === 'string' ? each : each['@value'])).join('\n');
    const lines = value[language] ?? value.none ?? value.en ?? Object.values(value)[0];
    return lines === undefined ? null : lines.join('\n');
  }

  function list(value) {
    if (value === undefined || value === null) return [];
    return Array.isArray(value) ? value : [value];
  }

  /** Only web addresses are opened: a document from elsewhere cannot bring `javascript:` in. */
  function httpUri(uri) {
    if (!/^https?:\/\//.test(uri)) throw new Said({ heading: t.noDocument });
    return uri;
  }

  function pause(milliseconds) {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
  }
})();
