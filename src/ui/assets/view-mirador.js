// Starts Mirador for the element `#mirador`: `data-manifest` is what to open, `data-canvas` the page in it,
// `data-language` the language.
(() => {
  const { manifest, canvas, language } = document.getElementById('mirador').dataset;
  const palette = (main) => ({ palette: { primary: { main }, secondary: { main } } });
  const viewer = Mirador.viewer({
    id: 'mirador',
    language,
    themes: { light: palette('#1f5f55'), dark: palette('#93cbbc') },
    selectedTheme: window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
    windows: [{ manifestId: manifest, canvasId: canvas, thumbnailNavigationPosition: 'off' }],
    window: { allowClose: false, allowMaximize: false, defaultSideBarPanel: 'info', sideBarOpen: false },
    workspaceControlPanel: { enabled: false },
  });

  // Mirador 4 keeps a tile source while its information document changes, so a picture stays blank after signing in.
  // Asking once more for a document that changed takes the tile source away and puts a new one in its place.
  //
  // It also asks everybody to sign in, whoever is signed in already. Who gets the whole document has access by the cookie: then
  // the services in it are marked as used, and Mirador offers to sign out. No token is known, so the mark names none.
  const shown = new Map();
  const judged = new WeakSet();
  let used = '[]';
  viewer.store.subscribe(() => {
    noticeSignIn();
    for (const [infoId, { isFetching, json, degraded }] of Object.entries(viewer.store.getState().infoResponses)) {
      if (!isFetching && json && !judged.has(json)) {
        judged.add(json);
        if (degraded === false) markUsed(json);
      }
      const changed = shown.has(infoId) && shown.get(infoId) !== json;
      if (isFetching || changed) shown.delete(infoId);
      else shown.set(infoId, json);
      if (changed && !isFetching) viewer.store.dispatch({ type: 'mirador/REQUEST_INFO_RESPONSE', infoId, imageResource: json });
    }
  });

  function markUsed({ service }) {
    const services = [service ?? []].flat().filter(({ profile }) => profile?.startsWith('http://iiif.io/api/auth/1/'));
    const { auth = {} } = viewer.store.getState();
    for (const { '@id': id } of services.filter((each) => auth[each['@id']] === undefined)) {
      viewer.store.dispatch({ type: 'mirador/RESOLVE_AUTHENTICATION_REQUEST', id, tokenServiceId: `${id}#by-cookie`, ok: true });
    }
  }

  /** The header of the page says who is signed in. It is asked for anew when that may have changed. */
  async function noticeSignIn() {
    const { auth = {} } = viewer.store.getState();
    const now = JSON.stringify(Object.values(auth).filter(({ ok }) => ok));
    if (now === used) return;
    used = now;
    const page = await fetch(location.href)
      .then((response) => response.text())
      .catch(() => '');
    const renewed = new DOMParser().parseFromString(page, 'text/html').querySelector('.site .visitor');
    if (renewed !== null) document.querySelector('.site .visitor')?.replaceWith(renewed);
  }
})();
