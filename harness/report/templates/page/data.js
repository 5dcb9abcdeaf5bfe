// The data of the page: texts by number become texts.

const data = JSON.parse($('data').textContent);
const string = (number) => data.strings[number];
const evidence = data.evidence.map(([fact, source, confidence]) => ({
  fact: string(fact), source: string(source), confidence: string(confidence),
}));

/** Every cause with its divergences, the worst first. */
const causes = data.causes.map((entries) => entries.map((entry) => {
  const texts = {};
  for (const name of ['id', 'operation', 'scenario', 'step', 'path', 'expected', 'observed', 'curl', 'repeat']) {
    texts[name] = string(entry[name]);
  }
  const known = entry.known?.map(string);
  const group = entry.group === undefined ? '' : string(entry.group);
  const [severity, expected, observed, scenario, step] = entry.before?.map(string) ?? [];
  const before = entry.before && { severity, expected, observed, scenario, step };
  // One divergence may stand in several reports.
  const anchor = entry.side ? `${texts.id}-${entry.side}` : texts.id;
  return { ...entry, ...texts, known, group, before, anchor, evidence: entry.evidence.map((at) => evidence[at]) };
}));

/** What is searched in a divergence, made once. */
function hay(divergence) {
  divergence.hay ??= [divergence.id, divergence.group, divergence.kind, divergence.operation, divergence.scenario, divergence.step,
    divergence.path, divergence.expected, divergence.observed,
    ...(divergence.known ?? []), ...divergence.evidence.flatMap((line) => [line.fact, line.source])].join('\n').toLowerCase();
  return divergence.hay;
}

/** A text with a word on what was cut. */
function block(held) {
  if (!held) return null;
  const [number, bytes] = held;
  return { text: string(number), cut: bytes > 0 ? `The beginning of ${bytes} bytes.` : '' };
}

/** What was said at the step of a divergence, if the page has it. */
function saidAt(divergence) {
  const said = data.said[divergence.said];
  return said && {
    request: block(said.request), answer: block(said.answer), reference: block(said.reference), fields: block(said.fields),
  };
}
