// Search in all texts, by the index that Pagefind made. It is loaded when a reader opens it for the first time.
// Each Chinese or Japanese character is a word of the index, and so is each part of load_data: both are looked for as phrases.

const dialog = document.querySelector("dialog.search");
const [form, input, select, status, list, more] = ["form", "input", "select", "[role=status]", "ol", ".more"].map((name) =>
  dialog.querySelector(name),
);
const { index, style, found, none, failed } = dialog.dataset;
const SHOWN = 20; // results at a time
const HEADINGS = 3; // of a result
const LETTERS =
  "\\u2e80-\\u2fdf\\u3005-\\u3007\\u3021-\\u3029\\u3031-\\u3035\\u3038-\\u303b\\u3040-\\u312f\\u31a0-\\u31bf\\u31f0-\\u31ff" +
  "\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\uff66-\\uff9f\\u{20000}-\\u{3fffd}";
const EAST = `[${LETTERS}\\u3000-\\u303f\\uff01-\\uff65“”‘’…]`;
const BETWEEN = new RegExp(`(?<=${EAST}) (?=${EAST})`, "gu");
const JOINER = /\u2060 ?/g; // before each blank that parts joined words
const MARKS = /[ᛝᛡ]\S*/g; // words of the index that nobody types: those of titles and categories
const WORD = `(?:(?![${LETTERS}])[\\p{L}\\p{N}\\p{M}])(?:(?![${LETTERS}])[\\p{L}\\p{N}\\p{M}'’])*`;
const WORDS = new RegExp(`[${LETTERS}]|${WORD}`, "gu");
const PARTS = new RegExp(`[${LETTERS}]+|${WORD}(?:[^\\s\\p{L}\\p{N}]+${WORD})*`, "gu");
const JOINED = new RegExp(`^".*${WORD} ${WORD}"$`, "u"); // as a question

let ready;
let rest = [];
let number = 0; // of the question that was asked last: late answers to earlier ones are dropped

/** Load the index's script and this dialog's style; give what searches. */
const load = async () => {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: style });
  const styled = new Promise((done) => (link.onload = link.onerror = done));
  document.head.append(link);
  const [pagefind, names] = await Promise.all([
    import(`${index}pagefind.js`),
    fetch(`${index}categories.json`).then((answer) => answer.json()),
    styled,
  ]);
  await pagefind.options({ excerptLength: 36 });
  select.append(...names.map((name, at) => new Option(name, at)));
  select.hidden = names.length < 2;
  return pagefind;
};

const terms = (query) => query.match(PARTS) ?? [];

/** Return what to ask for, each word with a sign `before` it: phrases, each by itself, and all other words. */
const questions = (query, before = "") => {
  const parts = terms(query).map((part) => part.match(WORDS).map((word) => before + word));
  const phrases = parts.filter(({ length }) => length > 1).map((words) => `"${words.join(" ")}"`);
  const words = parts.filter(({ length }) => length === 1).join(" ");
  return words ? [...phrases, words] : phrases;
};

/** Return what answers a question; of joined words, the last one may not be there as a whole while it is typed. */
const answer = async (pagefind, question) => {
  const { results } = await pagefind.search(question);
  if (results.length || !JOINED.test(question)) return results;
  return (await pagefind.search(question.replaceAll('"', ""))).results;
};

/** Return the results that answer all questions. */
const answers = async (asked) => {
  const pagefind = await ready;
  const [first, ...others] = await Promise.all(asked.map((question) => answer(pagefind, question)));
  const known = others.map((results) => new Set(results.map(({ id }) => id)));
  return first.filter(({ id }) => known.every((ids) => ids.has(id)));
};

/** Return what is found, the best first, and before all else what has the words in its title. */
export const search = async (query, category = "") => {
  const asked = questions(query);
  if (!asked.length) return [];
  const [results, titled] = await Promise.all([
    answers(category ? [...asked, `"ᛡ${category}ᛡ"`] : asked),
    answers(questions(query, "ᛝ")),
  ]);
  const ids = new Set(titled.map(({ id }) => id));
  return [...results.filter(({ id }) => ids.has(id)), ...results.filter(({ id }) => !ids.has(id))];
};

/** Return a text of the index as it was before its words were put apart. */
const together = (text) => text.replace(MARKS, "").replace(JOINER, "").replace(BETWEEN, "");

const textOf = (html) => new DOMParser().parseFromString(html, "text/html").body.textContent;

/** Return `text` with the words that are looked for marked. */
const marked = (text, query) => {
  const words = terms(query).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pieces = text.split(new RegExp(`(${words.join("|")})`, "iu"));
  return pieces.map((piece, at) => (at % 2 ? Object.assign(document.createElement("mark"), { textContent: piece }) : piece));
};

const linked = (href, text, query) => {
  const link = Object.assign(document.createElement("a"), { href });
  link.append(...marked(text, query));
  return link;
};

/** Return the address that stands in the index such that no word of it is found. */
export const addressOf = ({ url }) => decodeURIComponent(url.slice(1).replace(/../g, "%$&"));

/** Return a result: its title, where its words stand, and the headings under which they do. */
const row = ({ meta, excerpt, sub_results: parts }, query) => {
  const item = document.createElement("li");
  const text = document.createElement("p");
  text.append(...marked(together(textOf(excerpt)), query));
  const address = addressOf(meta);
  item.append(linked(address, meta.title, query), text);
  const headings = parts.filter(({ anchor }) => anchor).map(({ anchor, title }) => [anchor.id, together(title)]);
  const places = document.createElement("ul");
  for (const [id, heading] of headings.filter(([, heading]) => heading !== meta.title).slice(0, HEADINGS)) {
    const place = document.createElement("li");
    place.append(linked(`${address}#${encodeURIComponent(id)}`, heading, query));
    places.append(place);
  }
  if (places.firstChild) item.append(places);
  return item;
};

/** Show the next results. */
const show = async (query, mine) => {
  const next = await Promise.all(rest.slice(0, SHOWN).map((result) => result.data()));
  if (mine !== number) return;
  rest = rest.slice(SHOWN);
  list.append(...next.map((it) => row(it, query)));
  more.hidden = !rest.length;
};

const look = async () => {
  const mine = ++number;
  const query = input.value.trim();
  const results = await search(query, select.value).catch(() => null);
  if (mine !== number) return;
  rest = results ?? [];
  list.replaceChildren();
  more.hidden = true;
  status.textContent = !results ? failed : rest.length ? found.replace("%d", rest.length) : query && none;
  await show(query, mine);
};

const links = () => [...list.querySelectorAll("a"), ...(more.hidden ? [] : [more])];

/** Go up and down: from the words to the results and back. */
const move = (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.target === select) return;
  const stops = [input, ...links()];
  event.preventDefault();
  stops[Math.max(0, stops.indexOf(document.activeElement) + step)]?.focus();
};

let pause;
input.addEventListener("input", () => (clearTimeout(pause), (pause = setTimeout(look, 150))));
select.addEventListener("change", look);
dialog.addEventListener("keydown", move);
dialog.addEventListener("click", ({ target }) => target.closest(".close") && dialog.close());
dialog.addEventListener("mousedown", ({ target }) => target === dialog && dialog.close());
list.addEventListener("click", ({ target }) => target.closest("a") && dialog.close());
more.addEventListener("click", () => show(input.value.trim(), number));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  links()[0]?.click();
});

/** Open the search. */
export const open = async () => {
  ready ??= load();
  await ready.catch(() => ((ready = undefined), (status.textContent = failed)));
  if (!dialog.open) dialog.showModal();
  input.select();
};
