// Line numbers and marks beside the text of the access file. Without it the field is a plain one.
const field = document.querySelector('.editor textarea');

if (field !== null) {
  const marked = new Set([...document.querySelectorAll('.remarks [data-line]')].map((remark) => Number(remark.dataset.line)));
  const numbers = document.createElement('div');
  numbers.className = 'line-numbers';
  numbers.setAttribute('aria-hidden', 'true');
  const frame = document.createElement('div');
  frame.className = 'numbered';
  field.before(frame);
  frame.append(numbers, field);

  const write = () => {
    const count = field.value.split('\n').length;
    if (numbers.childElementCount === count) return;
    numbers.replaceChildren(
      ...Array.from({ length: count }, (_, at) => {
        const line = document.createElement('span');
        line.textContent = String(at + 1);
        if (marked.has(at + 1)) line.className = 'marked';
        return line;
      }),
    );
  };
  const follow = () => {
    numbers.scrollTop = field.scrollTop;
  };
  const goTo = (line) => {
    const lines = field.value.split('\n');
    const start = lines.slice(0, line - 1).reduce((all, each) => all + each.length + 1, 0);
    field.focus({ preventScroll: true });
    field.setSelectionRange(start, start + (lines[line - 1] ?? '').length);
    field.scrollTop = (line - 4) * Number.parseFloat(getComputedStyle(field).lineHeight);
    frame.scrollIntoView({ block: 'nearest' });
  };

  field.addEventListener('input', write);
  field.addEventListener('scroll', follow);
  for (const place of document.querySelectorAll('[data-line]')) {
    const link = place.matches('a') ? place : place.querySelector('a');
    link?.addEventListener('click', (event) => {
      event.preventDefault();
      goTo(Number(place.dataset.line));
    });
  }
  write();
  const wanted = Number(new URLSearchParams(location.search).get('line'));
  if (Number.isInteger(wanted) && wanted > 0) goTo(wanted);
}
