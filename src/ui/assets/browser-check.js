// Shows what a frame of another site finds out about cookies. Without an answer the page stays as it is: nothing is known.
(() => {
  const result = (name) => document.querySelector(`[data-result="${name}"]`);
  result('no-cookies').hidden = navigator.cookieEnabled;
  const place = document.getElementById('elsewhere');
  if (place === null) return;
  const frame = document.createElement('iframe');
  frame.src = place.dataset.frame;
  frame.hidden = true;
  window.addEventListener('message', ({ source, data }) => {
    if (source !== frame.contentWindow || typeof data?.hasCookies !== 'boolean') return;
    result('unknown').hidden = true;
    result(data.hasCookies ? 'sent' : 'withheld').hidden = false;
  });
  place.append(frame);
})();
