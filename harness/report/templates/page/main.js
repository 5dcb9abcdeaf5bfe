// The page as it opens: theme, keys, printing, and the divergence that the address names.

const THEMES = ['system', 'light', 'dark'];

function dress(theme) {
  document.documentElement.dataset.theme = theme;
  $('theme').textContent = `Theme: ${theme}`;
}

function themes() {
  let theme = 'system';
  try {
    theme = THEMES.find((name) => name === localStorage.getItem('theme')) ?? theme;
  } catch { /* Some browsers keep nothing for files. */ }
  dress(theme);
  $('theme').hidden = false;
  $('theme').addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    dress(theme);
    try { localStorage.setItem('theme', theme); } catch { /* Then it is chosen anew next time. */ }
  });
}

/** From cause to cause. */
function step(by) {
  const titles = [...document.querySelectorAll('.cause h3')];
  const at = titles.indexOf(document.activeElement?.closest('.cause')?.querySelector('h3'));
  const next = titles[Math.max(0, Math.min(titles.length - 1, at + by))];
  if (by > 0 && at === titles.length - 1 && list.next < list.shown.length) {
    showMore(PART);
    return step(by);
  }
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

function keys(event) {
  const typing = event.target.matches('input, select, textarea');
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape' && event.target === $('search')) {
    clear();
  } else if (!typing && event.key === '/') {
    event.preventDefault();
    $('search').focus();
  } else if (!typing && (event.key === 'j' || event.key === 'k')) {
    step(event.key === 'j' ? 1 : -1);
  }
}

function named() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (/^[0-9a-f]{16}(-\d+)?$/.test(id) && !reach(id)) {
    clear();
    reach(id);
  }
}

themes();
fillSelects();
listen();
form.hidden = false;
apply();
if (data.left_out > 0) {
  $('causes').before(el('p', { class: 'muted' }, `${plural(data.left_out, 'more divergence is', 'more divergences are')} in the JSON form.`));
}
$('more').querySelector('button').addEventListener('click', () => showMore(PART));
new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) showMore(PART); }, { rootMargin: '600px' })
  .observe($('more'));
addEventListener('beforeprint', () => showMore(500));
addEventListener('keydown', keys);
addEventListener('hashchange', named);
named();
