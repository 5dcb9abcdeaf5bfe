// check.mjs PAGES SHOTS: uses the pages the way a person does, and says what does not hold.
// No console message, no request, no dialog is expected of any page; what differs ends the program with 1.

import fs from 'node:fs';
import path from 'node:path';
import puppeteer from 'puppeteer-core';

const [pages, shots] = process.argv.slice(2).map((folder) => path.resolve(folder));
const axe = fs.readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
/** The most milliseconds to the first paint, and for all. */
const PAINT = 1000;
const LIMIT = 240_000;
const problems = [];
let held = 0;

function holds(what, truth, more = '') {
  if (truth) held += 1;
  else problems.push(`${what}${more === '' ? '' : `: ${more}`}`);
}

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});

/** A page of this name, with an eye on all that it does. */
async function open(name, hash = '') {
  const page = await browser.newPage();
  const file = `file://${path.join(pages, `${name}.html`)}`;
  const noise = [];
  page.on('console', (message) => noise.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => noise.push(`error: ${error}`));
  page.on('dialog', (dialog) => { noise.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', (request) => {
    if (!request.url().startsWith(file) && !request.url().startsWith('data:')) noise.push(`request: ${request.url()}`);
  });
  await page.setViewport({ width: 1280, height: 900 });
  await page.goto(file + hash);
  return { page, name, noise };
}

async function close({ page, name, noise }) {
  holds(`${name}: nothing is said, asked or loaded`, noise.length === 0, noise.slice(0, 3).join(' | '));
  await page.close();
}

const settle = (page) => page.evaluate(() => new Promise((done) => { setTimeout(done, 350); }));
const found = (page) => page.$eval('#found', (node) => node.textContent);
const shoot = ({ page, name }, what) => page.screenshot({ path: path.join(shots, `${name}-${what}.png`) });

/** No violation of what axe knows, in the state that the page is in. */
async function audit({ page, name }, state) {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
    return violations.map((one) => `${one.id} at ${one.nodes[0].target.join(' ')} (${one.nodes[0].failureSummary})`);
  });
  holds(`${name}, ${state}: axe finds nothing`, violations.length === 0, violations.join(' | ').slice(0, 1500));
}

async function fits({ page, name }, state) {
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  holds(`${name}, ${state}: nothing is wider than the window`, wide <= window, `${wide} > ${window}`);
}

/** Opens the first cause and its first place. */
async function openFirst(page) {
  await page.evaluate(() => {
    const all = document.querySelector('.cause .all');
    if (all) all.open = true;
  });
  await settle(page);
  await page.evaluate(() => {
    document.querySelector('.cause .place').open = true;
    document.querySelector('.cause').scrollIntoView({ behavior: 'instant' });
  });
  await settle(page);
}

/** Every look that the page has: narrow and wide, dark and light, on paper. */
async function looks(opened) {
  const { page } = opened;
  for (const scheme of ['light', 'dark']) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    for (const width of [1280, 390]) {
      await page.setViewport({ width, height: 900 });
      await settle(page);
      await fits(opened, `${scheme}, ${width}`);
      await values(opened, `${scheme}, ${width}`);
      await audit(opened, `${scheme}, ${width}`);
      await shoot(opened, `${scheme}-${width}`);
    }
  }
  await page.emulateMediaFeatures([]);
  await page.setViewport({ width: 1280, height: 900 });
  const pdf = await page.pdf({ path: path.join(shots, `${opened.name}.pdf`), format: 'A4' });
  holds(`${opened.name}: it prints`, pdf.length > 5000);
}

async function filters({ page }) {
  const all = await found(page);
  const cell = await page.$('.heat .cell');
  const number = await cell.evaluate((node) => node.textContent);
  await cell.click();
  await settle(page);
  holds('a number of the table shows those divergences', (await found(page)).startsWith(`${number} of `), await found(page));
  holds('the number is marked', await cell.evaluate((node) => node.getAttribute('aria-pressed')) === 'true');
  await cell.click();
  await settle(page);
  holds('the same number takes the filter back', await found(page) === all);
  await page.select('#kind', await page.$eval('#kind option:last-child', (node) => node.value));
  await page.click('.check.error');
  await settle(page);
  holds('kind and severity filter', (await found(page)).includes(' of '), await found(page));
  await page.click('#clear');
  await page.keyboard.press('Tab');
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('/');
  await page.keyboard.type('zzz-no-such-thing');
  await settle(page);
  holds('the slash leads to the search, and it searches', (await found(page)).startsWith('0 of '), await found(page));
  await page.keyboard.press('Escape');
  await settle(page);
  holds('escape clears', await found(page) === all);
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  const at = await page.evaluate(() => [...document.querySelectorAll('.cause h3')].indexOf(document.activeElement));
  holds('j leads from cause to cause', at === 1, at);
}

/** A value has all the width of its column, and the column what the word before it leaves. */
async function values({ page, name }, state) {
  const narrow = await page.$$eval('.pair .value', (nodes) => nodes.map((node) => {
    const [box, row] = [node, node.closest('.pair')].map((one) => one.getBoundingClientRect().width);
    // Where the box is wide and what is in it is kept narrow, only a text that would fill it tells.
    const probe = document.createElement('span');
    probe.textContent = 'w '.repeat(300);
    node.firstElementChild.append(probe);
    const text = probe.getBoundingClientRect().width;
    probe.remove();
    return box < row * 0.7 || text < box * 0.7 ? `${Math.round(text)} of ${Math.round(row)}` : '';
  }).filter(Boolean));
  holds(`${name}, ${state}: a value is as wide as its column`, narrow.length === 0, narrow.slice(0, 3).join(' | '));
}

async function copies({ page }) {
  const client = await page.createCDPSession();
  await client.send('Browser.grantPermissions', { permissions: ['clipboardReadWrite', 'clipboardSanitizedWrite'] });
  await page.bringToFront();
  const lines = await page.$$('.cause .place[open] .line');
  holds('there are commands to copy', lines.length >= 2, lines.length);
  for (const line of lines) {
    const text = await line.$eval('code', (node) => node.textContent);
    await (await line.$('.copy')).click();
    await settle(page);
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    holds('what is copied is what is shown', copied === text, copied.slice(0, 80));
    holds('the copy is told', (await line.$eval('.copy', (node) => node.textContent)) === 'Copied');
  }
}

async function themes({ page }) {
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
  const seen = new Set([await paper()]);
  for (let turn = 0; turn < 3; turn += 1) {
    await page.click('#theme');
    seen.add(await paper());
  }
  holds('the theme can be chosen', seen.size === 2, [...seen].join(' '));
}

/** All that is on the page can be reached and opened with the keyboard alone. */
async function keyboard({ page }) {
  await page.focus('.skip');
  const reached = new Set();
  for (let turn = 0; turn < 400; turn += 1) {
    await page.keyboard.press('Tab');
    const what = await page.evaluate(() => {
      const node = document.activeElement;
      return node.closest('.places, .all') && node.matches('summary') ? 'place' : node.id || node.className || node.tagName;
    });
    reached.add(what);
    if (what === 'place') break;
  }
  holds('places are reached by the keyboard', reached.has('place') && reached.has('search'), [...reached].join(' '));
  const before = await page.evaluate(() => document.activeElement.parentElement.open);
  await page.keyboard.press('Enter');
  await settle(page);
  holds('they are opened by it', await page.evaluate(() => document.activeElement.parentElement.open) !== before);
}

async function sample() {
  const opened = await open('sample');
  await shoot(opened, 'top');
  await filters(opened);
  await keyboard(opened);
  await themes(opened);
  await openFirst(opened.page);
  await copies(opened);
  const { page } = opened;
  holds('both answers stand side by side', await page.$eval('.place[open] .aligned tbody', (node) => node.rows.length > 0));
  holds('the divergence is marked in them', await page.$('.place[open] .aligned .here') !== null);
  await looks(opened);
  const id = await page.$eval('.place', (node) => node.id);
  await close(opened);
  const named = await open('sample', `#${id}`);
  await settle(named.page);
  holds('an address leads to a divergence', await named.page.evaluate((one) => document.getElementById(one)?.open, id));
  await close(named);
}

async function hostile() {
  const opened = await open('hostile');
  const { page } = opened;
  await openFirst(page);
  await page.evaluate(() => {
    [...document.querySelectorAll('.aside, .cause:nth-child(-n+3) details')].forEach((node) => { node.open = true; });
  });
  await settle(page);
  await looks(opened);
  await page.evaluate(() => document.querySelectorAll('.cause .copy, .heat button').forEach((node) => node.click()));
  await settle(page);
  holds('nothing of a target runs', await page.evaluate(() => window.hacked === undefined));
  holds('nothing of a target is an element', await page.evaluate(() => document.querySelectorAll('main img, main script, main svg:not(.bar)').length) === 0);
  const links = await page.$$eval('main a', (nodes) => nodes.map((node) => node.getAttribute('href')));
  holds('links lead to pages only', links.every((href) => /^(https?:\/\/|#)/.test(href)), links.find((href) => !/^(https?:|#)/.test(href)));
  await close(opened);
}

async function large() {
  const opened = await open('large');
  const { page } = opened;
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
  console.log(`first paint of the large page after ${Math.round(paint)} ms`);
  holds('the large page is painted within a second', paint < PAINT, `${paint} ms`);
  const begin = Date.now();
  await page.type('#search', 'create');
  await settle(page);
  holds('the large page is searched while one types', Date.now() - begin < 3000, `${Date.now() - begin} ms`);
  await openFirst(page);
  await fits(opened, 'wide');
  await audit(opened, 'with a place open');
  await close(opened);
}

/** A page that is only looked at. */
const seen = (name) => async () => {
  const opened = await open(name);
  await opened.page.evaluate(() => [...document.querySelectorAll('details')].slice(0, 4).forEach((node) => { node.open = true; }));
  await looks(opened);
  holds(`${name}: nothing of a target runs`, await opened.page.evaluate(() => window.hacked === undefined));
  await close(opened);
};

/** A page of several reports is used as that of one, and parts what it shows by report or fate. */
const several = (name) => async () => {
  const opened = await open(name);
  const { page } = opened;
  const all = await found(page);
  await page.select('#group', await page.$eval('#group option:last-child', (node) => node.value));
  await settle(page);
  const part = await found(page);
  holds(`${name}: it is filtered by its groups`, part.includes(' of ') && part !== all, part);
  await page.click('#clear');
  const cell = await page.$('.heat button.cell');
  if (cell) {
    await cell.click();
    await settle(page);
    holds(`${name}: a number shows divergences of its report`, / of /.test(await found(page)) && !(await found(page)).startsWith('0 '), await found(page));
    await cell.click();
  }
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('/');
  await page.keyboard.type('zzz-no-such-thing');
  await settle(page);
  holds(`${name}: it is searched`, (await found(page)).startsWith('0 of '), await found(page));
  await page.keyboard.press('Escape');
  await settle(page);
  holds(`${name}: escape clears`, await found(page) === all, await found(page));
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('j');
  holds(`${name}: j leads to a cause`, await page.evaluate(() => document.activeElement.matches('.cause h3')));
  await themes(opened);
  await openFirst(page);
  holds(`${name}: both answers stand side by side`, await page.$('.place[open] .aligned') !== null);
  holds(`${name}: evidence has links`, (await page.$$('.evidence a')).length > 0);
  await copies(opened);
  const ids = await page.$$eval('[id]', (nodes) => nodes.map((node) => node.id));
  holds(`${name}: no two places have one address`, new Set(ids).size === ids.length);
  await close(opened);
  await seen(name)();
};

/** A bench: its charts are told to those who do not see them, and all of it is reached by the keyboard. */
async function bench() {
  const opened = await open('bench');
  const { page } = opened;
  const charts = await page.$$eval('.drawing', (nodes) => nodes.map((node) => [...(node.getAttribute('aria-labelledby') ?? '').split(' ')].map((id) => document.getElementById(id)?.textContent ?? '').join(' ')));
  holds('a bench has a curve and two lines over the time', charts.length === 3, charts.length);
  holds('each chart says what it shows', charts.every((text) => text.length > 60), charts.join(' | '));
  holds('lines are drawn', await page.evaluate(() => [...document.querySelectorAll('.drawing polyline')].every((line) => line.getTotalLength() > 10)));
  const looks = await page.$$eval('.key line', (nodes) => nodes.map((node) => { const style = getComputedStyle(node); return style.stroke + style.strokeDasharray; }));
  holds('targets are told apart', new Set(looks).size === looks.length, looks.join(' | '));
  await page.focus('.skip');
  const reached = new Set();
  for (let turn = 0; turn < 60; turn += 1) {
    await page.keyboard.press('Tab');
    reached.add(await page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.tagName));
  }
  holds('charts and tables are reached by the keyboard', [...reached].filter((name) => name.endsWith(', drawn')).length === 3 && reached.has('Rates and latencies by target') && reached.has('SUMMARY'), [...reached].join(' '));
  await close(opened);
  await seen('bench')();
}

/** However long a page takes, the browser does not outlive the check. */
setTimeout(async () => {
  console.log(`FAILED not done in ${LIMIT / 1000} s, after ${held} passed; ${problems.join('; ')}`);
  await browser.close();
  process.exit(1);
}, LIMIT).unref();

try {
  for (const [name, check] of Object.entries({ sample, hostile, large, matrix: several('matrix'), compare: several('compare'), empty: seen('empty'), bench, 'bench-hostile': seen('bench-hostile'), 'bench-empty': seen('bench-empty') })) {
    const begin = Date.now();
    try {
      await check();
      console.log(`${name}: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
    } catch (error) {
      problems.push(`${name}: ${error.stack}`);
    }
  }
} finally {
  await browser.close();
}
problems.forEach((problem) => console.log(`FAILED ${problem}`));
console.log(`${held} passed, ${problems.length} failed`);
process.exit(problems.length > 0 || held === 0 ? 1 : 0);
