// Hands the message of the access token service to the viewer whose frame this is.
(() => {
  const { message, targetOrigin, mayAskForCookie } = JSON.parse(document.getElementById('message').textContent);
  if (targetOrigin === null || window.parent === window) return;
  const post = () => window.parent.postMessage(message, targetOrigin);
  // Once: what a second load does not bring, a third would not.
  const AGAIN = '#again';
  if (mayAskForCookie !== true || document.requestStorageAccess === undefined || location.hash === AGAIN) {
    post();
    return;
  }

  // The browser has let us have our cookies: the page that it gets now holds the token.
  const load = () => {
    location.hash = AGAIN;
    location.reload();
  };
  const isAllowedAlready = async () => (await navigator.permissions.query({ name: 'storage-access' })).state === 'granted';
  const useWhatIsAllowed = async () => {
    if (!(await isAllowedAlready())) throw new Error('not allowed yet');
    await document.requestStorageAccess();
  };
  // The viewer hears at once what is wrong, and then, without a messageId that could be taken for an answer, of the button:
  // one that shows the frame may get another answer from it.
  useWhatIsAllowed().then(load, () => {
    post();
    window.parent.postMessage({ type: 'VitrineCookieButton' }, targetOrigin);
  });
  document.addEventListener('DOMContentLoaded', () => {
    const button = document.getElementById('allow-cookie');
    button.hidden = false;
    button.addEventListener('click', () => document.requestStorageAccess().then(load, post));
  });
})();
