// Hands the message of the access token service to the viewer whose frame this is.
(() => {
  const { message, targetOrigin } = JSON.parse(document.getElementById('message').textContent);
  if (targetOrigin === null || window.parent === window) return;
  window.parent.postMessage(message, targetOrigin);
})();
