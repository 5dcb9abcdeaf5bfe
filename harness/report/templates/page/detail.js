// One divergence: both answers side by side, the request, and how to see it again.

function detail(divergence) {
  const said = saidAt(divergence);
  return el('div', { class: 'detail' },
    said ? sideBySide(divergence, said.fields) : el('p', { class: 'muted' }, 'What was said is not on this page.'),
    said && asSent(said),
    said && request(said.request),
    command('curl', divergence.curl, 'Send it again'),
    command('repeat', divergence.repeat, 'Repeat this scenario'),
    el('p', { class: 'muted small' }, 'Stable id ', el('a', { href: `#${divergence.anchor}` }, divergence.id)));
}

/** Both answers decoded, value beside value. */
function sideBySide(divergence, fields) {
  const rows = fields.text.split('\n').filter(Boolean).map((line) => line.split('\t'));
  const table = el('table', { class: 'aligned' },
    el('caption', { class: 'unseen' }, 'Both answers, decoded'),
    el('thead', {}, el('tr', {}, ...['value', 'expected', 'observed'].map((name) => el('th', { scope: 'col' }, name)))),
    el('tbody', {}, ...rows.map((row) => alignedRow(divergence, row))));
  return el('section', {}, heading('Both answers, decoded'), scroll(table, 'Both answers, decoded'), cut(fields));
}

function alignedRow(divergence, [path, expected = '', observed = '']) {
  const open = expected.startsWith('unspecified');
  const here = path === divergence.path;
  const differs = !open && expected !== observed && !(path === '' && expected === observed);
  const [due, seen] = differs ? marked(expected, observed) : [[expected], [observed]];
  const name = path === '' ? 'the answer' : path;
  return el('tr', { class: [here && 'here', differs && 'differs', open && 'open'].filter(Boolean).join(' ') },
    el('th', { scope: 'row' }, here ? el('span', { class: 'unseen' }, 'the divergence: ') : null, bdi(name)),
    el('td', { 'data-label': 'expected' }, el('bdi', {}, ...due)),
    el('td', { 'data-label': 'observed' }, el('bdi', {}, ...seen)));
}

/** Both answers as they came. */
function asSent(said) {
  const reference = said.reference
    ? raw(said.reference, 'Reference, as sent')
    : el('div', { class: 'raw' }, el('h5', {}, 'Reference'),
      el('p', { class: 'muted' }, 'It says what is due, not in which bytes.'));
  const answer = said.answer
    ? raw(said.answer, 'Target, as sent')
    : el('div', { class: 'raw' }, el('h5', {}, 'Target'), el('p', { class: 'muted' }, 'No whole answer arrived.'));
  return el('section', {}, heading('As sent'), el('div', { class: 'two' }, reference, answer));
}

function request(sent) {
  const body = sent.text.split('\n\n').slice(1).join('\n\n');
  const parameters = formOf(body);
  return el('section', {}, heading('Request'),
    parameters && scroll(el('table', { class: 'parameters' },
      el('caption', { class: 'unseen' }, 'Parameters of the request'),
      el('tbody', {}, ...parameters.map(([name, value]) =>
        el('tr', {}, el('th', { scope: 'row' }, bdi(name)), el('td', {}, bdi(value)))))), 'Parameters of the request'),
    el('details', { class: 'plain' }, el('summary', {}, 'As sent'), raw(sent, 'Request, as sent')));
}

/** The parameters of a form, or nothing where it is none. */
function formOf(body) {
  if (!/^[^=&\s]+=/.test(body)) return null;
  const word = (text) => {
    try {
      return visible(decodeURIComponent(text.replace(/\+/g, ' ')));
    } catch {
      return text;
    }
  };
  return body.split('&').map((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [word(pair), ''] : [word(pair.slice(0, at)), word(pair.slice(at + 1))];
  });
}

/** What is hidden in a text, or turns its direction, as an escape. */
function visible(text) {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${c.codePointAt(0).toString(16)}}`);
}

function raw(sent, name) {
  return el('div', { class: 'raw' }, el('h5', {}, name),
    el('pre', scrolls(name), bdi(sent.text)), cut(sent));
}

const cut = (sent) => (sent.cut ? el('p', { class: 'muted small' }, sent.cut) : null);
const heading = (text) => el('h4', {}, text);
const scroll = (inner, name) => el('div', { class: 'scroll', ...scrolls(name) }, inner);

/** A line for the shell, with a button that copies it. */
function command(what, line, title) {
  if (!line) return null;
  return el('section', { class: 'command' }, heading(title),
    el('div', { class: 'line' }, el('code', scrolls(`The ${what} command`), line), copyButton(line, `the ${what} command`)));
}
