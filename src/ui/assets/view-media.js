// Opens an access service in a window, and shows the page anew when it has closed. Without a script the link opens a tab.
(() => {
  for (const link of document.querySelectorAll('a[data-access]')) {
    link.addEventListener('click', (event) => {
      const opened = window.open(link.href, 'vitrine-access', 'width=560,height=720');
      if (opened === null) return;
      event.preventDefault();
      const watch = setInterval(() => {
        if (!opened.closed) return;
        clearInterval(watch);
        window.location.reload();
      }, 300);
    });
  }
})();
