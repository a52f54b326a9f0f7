// Asks the browser whether this page, in a frame of another site, has its own cookies.
(() => {
  const { targetOrigin } = JSON.parse(document.getElementById('message').textContent);
  if (document.hasStorageAccess === undefined) return;
  document.hasStorageAccess().then((hasCookies) => window.parent.postMessage({ hasCookies }, targetOrigin));
})();
