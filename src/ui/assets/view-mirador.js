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
  const shown = new Map();
  viewer.store.subscribe(() => {
    for (const [infoId, { isFetching, json }] of Object.entries(viewer.store.getState().infoResponses)) {
      const changed = shown.has(infoId) && shown.get(infoId) !== json;
      if (isFetching || changed) shown.delete(infoId);
      else shown.set(infoId, json);
      if (changed && !isFetching) viewer.store.dispatch({ type: 'mirador/REQUEST_INFO_RESPONSE', infoId, imageResource: json });
    }
  });
})();
