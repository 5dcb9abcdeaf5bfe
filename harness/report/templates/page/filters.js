// Filter and search. The table of operations and kinds sets the same filter as the form.

const form = document.querySelector('.filters');
const heat = [...document.querySelectorAll('.heat button')];
const severities = [...form.querySelectorAll('[name=severity]')];
const total = causes.reduce((sum, members) => sum + members.length, 0);

function fillSelects() {
  const all = causes.flat();
  $('only-new').closest('label').hidden = !all.some((divergence) => divergence.known);
  for (const name of ['operation', 'kind']) {
    const values = [...new Set(all.map((divergence) => divergence[name]))].sort();
    $(name).append(...values.map((value) => el('option', { value }, value.length > 60 ? `${value.slice(0, 60)}…` : value)));
  }
}

function apply() {
  const words = $('search').value.toLowerCase().split(/\s+/).filter(Boolean);
  const [operation, kind] = [$('operation').value, $('kind').value];
  const wanted = new Set(severities.filter((box) => box.checked).map((box) => box.value));
  const onlyNew = $('only-new').checked;
  const fits = (divergence) => wanted.has(divergence.severity)
    && (!onlyNew || !divergence.known)
    && (!operation || divergence.operation === operation)
    && (!kind || divergence.kind === kind)
    && words.every((word) => hay(divergence).includes(word));
  const fitting = causes.map((members) => members.filter(fits)).filter((members) => members.length > 0);
  const number = fitting.reduce((sum, members) => sum + members.length, 0);
  $('found').textContent = number === total
    ? `${plural(total, 'divergence', 'divergences')} of ${plural(causes.length, 'cause', 'causes')}`
    : `${number} of ${plural(total, 'divergence', 'divergences')}, ${plural(fitting.length, 'cause', 'causes')}`;
  for (const button of heat) {
    const { operation: row, kind: column } = button.dataset;
    button.setAttribute('aria-pressed', String((row ?? '') === operation && (column ?? '') === kind));
  }
  show(fitting);
}

function clear() {
  form.reset();
  apply();
}

/** A number of the table, or the name of a row or column; the same once more takes it back. */
function choose(event) {
  const button = event.currentTarget;
  const pressed = button.getAttribute('aria-pressed') === 'true';
  $('operation').value = pressed ? '' : button.dataset.operation ?? '';
  $('kind').value = pressed ? '' : button.dataset.kind ?? '';
  apply();
  if (!pressed) $('list').scrollIntoView({ block: 'start' });
  tell($('found').textContent);
}

function listen() {
  let timer;
  $('search').addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(apply, 120);
  });
  form.addEventListener('change', (event) => { if (event.target !== $('search')) apply(); });
  form.addEventListener('submit', (event) => event.preventDefault());
  $('clear').addEventListener('click', clear);
  heat.forEach((button) => button.addEventListener('click', choose));
}
