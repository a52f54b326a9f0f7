// Asks the browser for a passkey, and sends its answer with the form. Without this script the form stays hidden.
(() => {
  const { browserSupportsWebAuthn, startAuthentication, startRegistration } = globalThis.SimpleWebAuthnBrowser;
  const form = document.querySelector('form[data-passkey]');
  if (form === null || !browserSupportsWebAuthn()) return;
  const optionsJSON = JSON.parse(document.getElementById('passkey-options').textContent);
  const ask = form.dataset.passkey === 'registration' ? startRegistration : startAuthentication;
  const failed = form.querySelector('[data-failed]');

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const answer = await ask({ optionsJSON });
      form.querySelector('[data-answer]').value = JSON.stringify(answer);
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
  form.hidden = false;
})();
