// Times as the reader's own clock shows them. Without this script they stand there in UTC.
(() => {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });
  for (const element of document.querySelectorAll('time')) element.textContent = format.format(new Date(element.dateTime));
})();
