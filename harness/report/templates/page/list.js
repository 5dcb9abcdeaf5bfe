// The list of causes, a part at a time: a page may have ten thousand divergences.

const PART = 40;

const list = { shown: [], next: 0 };

/** Shows these causes in place of those before; each is its divergences that fit the filter. */
function show(fitting) {
  list.shown = fitting;
  list.next = 0;
  $('causes').replaceChildren();
  showMore(PART);
}

function showMore(most) {
  const part = list.shown.slice(list.next, list.next + most);
  $('causes').append(...part.map(card));
  list.next += part.length;
  $('more').hidden = list.next >= list.shown.length;
}

function card(members) {
  const first = members[0];
  const title = el('h3', { tabindex: '-1' },
    el('span', { class: `severity ${first.severity}` }, first.severity), ' ',
    el('span', { class: 'kind' }, first.kind), el('span', { class: 'word' }, ' in '), code(first.operation), others(members),
    first.path ? [el('span', { class: 'word' }, ' at '), code(first.path)] : null,
    members.length > 1 ? el('span', { class: 'times' }, ` ×${members.length}`) : null);
  return el('article', { class: `cause ${first.severity}` }, title,
    groups(members),
    pair(first),
    accepted(members),
    el('ul', { class: 'evidence', 'aria-label': 'Evidence' }, ...first.evidence.map(evidenceLine)),
    places(members));
}

/** What was due and what was there, and before that where it was otherwise. */
function pair({ expected, observed, before }) {
  // What is told in brief has neither.
  if (!expected && !observed) return null;
  const [due, seen] = marked(expected, observed);
  const row = (name, parts, text, title) => el('div', {}, el('dt', {}, name), el('dd', {}, value(parts, text, title)));
  return el('dl', { class: 'pair' },
    before && before.expected !== expected && before.expected
      ? row('due before', [before.expected], before.expected, 'What was expected before') : null,
    row('expected', due, expected, 'What was expected'),
    row('observed', seen, observed, 'What was observed'),
    before && before.observed !== observed && before.observed
      ? row('before', [before.observed], before.observed, 'What was observed before') : null);
}

/** How many there are of each group, where the page parts them. */
function groups(members) {
  const numbers = new Map();
  members.forEach(({ group }) => numbers.set(group, (numbers.get(group) ?? 0) + 1));
  numbers.delete('');
  if (numbers.size === 0) return null;
  return el('p', { class: 'groups' }, ...[...numbers].map(([group, number]) => el('span', {}, bdi(group), ` ×${number}`)));
}

/** In how many other operations the cause shows. */
function others(members) {
  const number = new Set(members.map((member) => member.operation)).size - 1;
  return number > 0 ? el('span', { class: 'word' }, ` and ${plural(number, 'more operation', 'more operations')}`) : null;
}

/** What the baseline says of a cause, and of how many of its divergences. */
function accepted(members) {
  const known = members.filter((member) => member.known);
  if (known.length === 0) return null;
  const [reason, link, until] = known[0].known;
  return el('p', { class: 'accepted' },
    known.length === members.length ? 'Accepted by the baseline' : `${known.length} of ${members.length} accepted by the baseline`,
    until ? ` until ${until}` : '', ': ', bdi(reason), link ? [' (', ...linked(link), ')'] : null);
}

/** A value that may be long enough to scroll. */
const value = (parts, text, name) =>
  el('div', { class: 'value', ...(text.length > 300 ? scrolls(name) : {}) }, el('bdi', {}, ...parts));

const code = (text) => el('code', { title: text.length > 80 ? text.slice(0, 500) : undefined }, bdi(text));

function evidenceLine(line) {
  return el('li', {}, bdi(line.fact), ' ',
    el('span', { class: 'source' }, ...linked(line.source), ', ', el('em', {}, line.confidence)));
}

/** A source with its addresses as links. */
function linked(source) {
  const address = /(?:https?:\/\/)?(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev)\/[^\s;,)"'<>]+/gi;
  const parts = [];
  let at = 0;
  for (const found of source.matchAll(address)) {
    const href = found[0].startsWith('http') ? found[0] : `https://${found[0]}`;
    parts.push(source.slice(at, found.index), el('a', { href, rel: 'noopener noreferrer', target: '_blank' }, found[0]));
    at = found.index + found[0].length;
  }
  parts.push(source.slice(at));
  return parts.filter(Boolean);
}

/** Where the cause shows: each place opens to its detail. */
function places(members) {
  const box = el('div', { class: 'places' });
  let next = 0;
  const more = el('button', { type: 'button', class: 'quiet', onclick: () => add() });
  const add = () => {
    more.before(...members.slice(next, next + PART).map(place));
    next += PART;
    more.textContent = `Show more of ${plural(members.length, 'place', 'places')}`;
    more.hidden = next >= members.length;
  };
  if (members.length === 1) {
    return el('div', { class: 'places' }, place(members[0]));
  }
  box.append(more);
  const all = el('details', { class: 'all' }, el('summary', {}, plural(members.length, 'place', 'places')), box);
  all.addEventListener('toggle', () => { if (all.open && next === 0) add(); });
  all.reach = (divergence) => {
    all.open = true;
    while (next <= members.indexOf(divergence)) add();
  };
  return all;
}

function place(divergence) {
  const item = el('details', { class: 'place', id: divergence.anchor },
    el('summary', {}, divergence.group ? [el('span', { class: 'group' }, bdi(divergence.group)), ' '] : null, ...became(divergence),
      bdi(divergence.scenario), el('span', { class: 'word' }, ' step '), bdi(divergence.step),
      divergence.path ? [el('span', { class: 'word' }, ' at '), bdi(divergence.path)] : null));
  item.addEventListener('toggle', () => {
    if (item.open && item.childElementCount === 1) item.append(detail(divergence));
  });
  return item;
}

/** What of a place was otherwise before, beside the values. */
function became({ before, severity, scenario, step }) {
  if (!before) return [];
  const at = before.scenario === scenario && before.step === step ? null
    : [el('span', { class: 'word' }, 'from '), bdi(before.scenario), el('span', { class: 'word' }, ' step '), bdi(before.step), el('span', { class: 'word' }, ' to ')];
  return [before.severity === severity ? null : el('span', { class: 'word' }, `${before.severity} before, ${severity} now: `), at];
}

/** Opens a divergence by its id; whether it is on the page. */
function reach(id) {
  const at = list.shown.findIndex((members) => members.some((member) => member.anchor === id));
  if (at < 0) return false;
  while (list.next <= at) showMore(PART);
  const divergence = list.shown[at].find((member) => member.anchor === id);
  $('causes').children[at].querySelector('.all')?.reach(divergence);
  const item = $(id);
  item.open = true;
  item.querySelector('summary').focus();
  item.scrollIntoView({ block: 'center' });
  return true;
}
