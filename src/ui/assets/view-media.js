// The page of a film, a sound, a document, a model or a text: access services open in a window, and when that has closed, the
// page shows what the visitor may have now, and goes on playing where it was. Without a script the links open tabs.
//
// <video data-stream="…" data-player="…">: a DASH or HLS stream, and the script that plays it.
// <img data-pdf="…" data-title="…">: a drawing, in the place of which browsers that can show the PDF.
(() => {
  const WINDOW_POLL_MILLISECONDS = 300;
  let player = null;
  start();

  function start() {
    for (const link of document.querySelectorAll('a[data-access]')) link.addEventListener('click', openAccess);
    showPdf(document.querySelector('img[data-pdf]'));
    const media = currentMedia();
    if (media === null) return;
    media.addEventListener('error', showFailed);
    if (media.dataset.stream !== undefined) openStream(media);
  }

  function showPdf(drawing) {
    if (drawing === null || !navigator.pdfViewerEnabled) return;
    const { pdf, title } = drawing.dataset;
    drawing.replaceWith(Object.assign(document.createElement('object'), { type: 'application/pdf', data: pdf, ariaLabel: title }));
  }

  function openAccess(event) {
    const opened = window.open(event.currentTarget.href, 'vitrine-access', 'width=560,height=720');
    if (opened === null) return;
    event.preventDefault();
    const watch = setInterval(() => {
      if (!opened.closed) return;
      clearInterval(watch);
      renew();
    }, WINDOW_POLL_MILLISECONDS);
  }

  /** What the visitor may have has just changed: the header and the item are fetched anew. A lesser version is left where it was. */
  async function renew() {
    const before = currentMedia();
    const position =
      before === null ? null : { seconds: before.currentTime, isPlaying: !before.paused, volume: before.volume, muted: before.muted };
    const renewed = await fetchPage();
    if (renewed === null) return window.location.reload();
    await player?.destroy();
    player = null;
    for (const selector of ['.site .visitor', '#main']) {
      const part = renewed.querySelector(selector);
      if (part !== null) document.querySelector(selector)?.replaceWith(document.adoptNode(part));
    }
    start();
    const media = currentMedia();
    if (media === null) return;
    media.focus();
    if (position !== null) goOn(media, position);
  }

  async function fetchPage() {
    const response = await fetch(window.location.href).catch(() => null);
    if (response === null || !response.ok) return null;
    return new DOMParser().parseFromString(await response.text(), 'text/html');
  }

  function goOn(media, { seconds, isPlaying, volume, muted }) {
    media.volume = volume;
    media.muted = muted;
    const seek = () => {
      if (seconds > 0 && seconds < media.duration) media.currentTime = seconds;
      if (isPlaying) media.play().catch(() => undefined);
    };
    if (media.readyState > 0) seek();
    else media.addEventListener('loadedmetadata', seek, { once: true });
  }

  async function openStream(video) {
    try {
      await loadScript(video.dataset.player);
      shaka.polyfill.installAll();
      player = new shaka.Player();
      player.addEventListener('error', ({ detail }) => detail.severity === shaka.util.Error.Severity.CRITICAL && showFailed());
      await player.attach(video);
      await player.load(video.dataset.stream);
    } catch {
      showFailed();
    }
  }

  function loadScript(uri) {
    if (window.shaka !== undefined) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const script = Object.assign(document.createElement('script'), { src: uri, onload: resolve, onerror: reject });
      document.head.append(script);
    });
  }

  function showFailed() {
    document.querySelector('.showcase .failed')?.removeAttribute('hidden');
  }

  function currentMedia() {
    return document.querySelector('.showcase video, .showcase audio');
  }
})();
