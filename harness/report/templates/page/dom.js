// Elements, copying, and words for those who hear the page. Text is only ever text here: nothing is parsed as markup.

const $ = (id) => document.getElementById(id);

/** An element with properties and children; a child is a node, a text, or nothing. */
function el(name, properties, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties || {})) {
    if (key === 'class') node.className = value;
    else if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ''));
  return node;
}

/** A value of a target: its direction of writing stays its own. */
const bdi = (text) => el('bdi', {}, text);

/** Says something without showing it. */
function tell(words) {
  $('told').textContent = '';
  setTimeout(() => { $('told').textContent = words; }, 50);
}

/** A button that copies a text. */
function copyButton(text, what) {
  const button = el('button', { type: 'button', class: 'copy', 'aria-label': `Copy ${what}` }, 'Copy');
  const say = (word) => {
    button.textContent = word;
    button.setAttribute('aria-label', `${word} ${what}`);
  };
  let timer;
  button.addEventListener('click', async () => {
    const done = await copy(text);
    say(done ? 'Copied' : 'Not copied');
    tell(done ? `Copied ${what}` : 'It could not be copied');
    clearTimeout(timer);
    timer = setTimeout(say, 1500, 'Copy');
  });
  return button;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByHand(text);
  }
}

/** For pages that may not use the clipboard, such as some files. */
function copyByHand(text) {
  const field = el('textarea', { 'aria-hidden': 'true', class: 'unseen' });
  field.value = text;
  document.body.append(field);
  const before = document.activeElement;
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  before?.focus();
  return done;
}

/** What scrolls can be reached by the keyboard, and has a name. */
const scrolls = (name) => ({ tabindex: '0', role: 'group', 'aria-label': name });

/** Both texts, with what differs between their common beginning and end marked. */
function marked(one, other) {
  let begin = 0;
  const least = Math.min(one.length, other.length);
  while (begin < least && one[begin] === other[begin]) begin += 1;
  let end = 0;
  while (end < least - begin && one[one.length - 1 - end] === other[other.length - 1 - end]) end += 1;
  // Where little is common, marking says nothing.
  const telling = begin + end >= 3 && one !== other;
  const show = (text) => telling
    ? [text.slice(0, begin), el('mark', {}, text.slice(begin, text.length - end)), text.slice(text.length - end)]
    : [text];
  return [show(one), show(other)];
}

const plural = (number, one, many) => `${number} ${number === 1 ? one : many}`;
