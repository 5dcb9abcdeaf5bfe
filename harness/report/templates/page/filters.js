// Filter and search. The table of operations and kinds sets the same filter as the form.

const form = document.querySelector('.filters');
const heat = [...document.querySelectorAll('.heat button')];
const severities = [...form.querySelectorAll('[name=severity]')];
/** What is chosen from a list; a page of one report has no groups. */
const selects = ['operation', 'kind', 'group'].filter((name) => $(name));
const total = causes.reduce((sum, members) => sum + members.length, 0);

function fillSelects() {
  const all = causes.flat();
  $('only-new').closest('label').hidden = !all.some((divergence) => divergence.known);
  for (const name of selects) {
    const values = [...new Set(all.map((divergence) => divergence[name]))].sort();
    $(name).append(...values.map((value) => el('option', { value }, value.length > 60 ? `${value.slice(0, 60)}…` : value)));
  }
}

function apply() {
  const words = $('search').value.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = selects.map((name) => [name, $(name).value]);
  const wanted = new Set(severities.filter((box) => box.checked).map((box) => box.value));
  const onlyNew = $('only-new').checked;
  const fits = (divergence) => wanted.has(divergence.severity)
    && (!onlyNew || !divergence.known)
    && chosen.every(([name, value]) => !value || divergence[name] === value)
    && words.every((word) => hay(divergence).includes(word));
  const fitting = causes.map((members) => members.filter(fits)).filter((members) => members.length > 0);
  const number = fitting.reduce((sum, members) => sum + members.length, 0);
  $('found').textContent = number === total
    ? `${plural(total, 'divergence', 'divergences')} of ${plural(causes.length, 'cause', 'causes')}`
    : `${number} of ${plural(total, 'divergence', 'divergences')}, ${plural(fitting.length, 'cause', 'causes')}`;
  for (const button of heat) {
    button.setAttribute('aria-pressed', String(chosen.every(([name, value]) => (button.dataset[name] ?? '') === value)));
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
  selects.forEach((name) => { $(name).value = pressed ? '' : button.dataset[name] ?? ''; });
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
