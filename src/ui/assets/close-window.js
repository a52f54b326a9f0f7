// Ends an access service window. Viewers watch the window and go on when it has closed.
(() => {
  const close = () => window.close();
  const button = document.getElementById('close-window');
  const closing = document.getElementById('closing');
  button.addEventListener('click', close);
  // There is more to read than a sentence.
  if (button.hasAttribute('data-stay')) {
    button.hidden = false;
    return;
  }
  closing.hidden = false;
  // A moment, so that the sentence can be read by those who look, and cookies are stored in every browser.
  setTimeout(close, 300);
  // Still here: the browser keeps windows open that no script opened. Say so, and offer the button.
  setTimeout(() => {
    closing.hidden = true;
    button.hidden = false;
    button.focus();
  }, 1200);
})();
