// Search in all texts, by the index that Pagefind made. It is loaded when a reader opens it for the first time.
// Each Chinese or Japanese character is a word of the index, so a run of them is looked for as a phrase.

const dialog = document.querySelector("dialog.search");
const [form, input, select, status, list, more] = ["form", "input", "select", "[role=status]", "ol", ".more"].map((name) =>
  dialog.querySelector(name),
);
const { index, style, found, none, failed } = dialog.dataset;
const SHOWN = 20; // results at a time
const LETTERS =
  "\\u2e80-\\u2fdf\\u3005-\\u3007\\u3021-\\u3029\\u3031-\\u3035\\u3038-\\u303b\\u3040-\\u312f\\u31a0-\\u31bf\\u31f0-\\u31ff" +
  "\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\uff66-\\uff9f\\u{20000}-\\u{3fffd}";
const EAST = `[${LETTERS}\\u3000-\\u303f\\uff01-\\uff65“”‘’…]`;
const BETWEEN = new RegExp(`(?<=${EAST}(?:</?mark>)*) (?=(?:</?mark>)*${EAST})`, "gu");
const PARTS = new RegExp(`[${LETTERS}]+|[^\\s${LETTERS}]+`, "gu");
const FIRST = new RegExp(`^[${LETTERS}]`, "u");

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

const terms = (query) => query.match(PARTS)?.filter((part) => /[\p{L}\p{N}]/u.test(part)) ?? [];

/** Return what to ask for: phrases of characters, each by itself, and all other words. */
const questions = (query) => {
  const parts = terms(query);
  const phrases = parts.filter((part) => FIRST.test(part)).map((part) => `"${[...part].join(" ")}"`);
  const words = parts.filter((part) => !FIRST.test(part)).join(" ");
  return words ? [...phrases, words] : phrases;
};

/** Return the results that answer all questions, the best first. */
export const search = async (query, category = "") => {
  const asked = questions(query);
  if (!asked.length) return [];
  const pagefind = await ready;
  if (category) asked.push(`"xshelfx${category}x"`);
  const answers = await Promise.all(asked.map(async (it) => (await pagefind.search(it)).results));
  const others = answers.slice(1).map((answer) => new Set(answer.map(({ id }) => id)));
  return answers[0].filter(({ id }) => others.every((ids) => ids.has(id)));
};

/** Return `text` with the words that are looked for marked. */
const marked = (text, query) => {
  const words = terms(query).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pieces = text.split(new RegExp(`(${words.join("|")})`, "iu"));
  return pieces.map((piece, at) => (at % 2 ? Object.assign(document.createElement("mark"), { textContent: piece }) : piece));
};

const row = ({ meta, excerpt }, query) => {
  const item = document.createElement("li");
  const link = Object.assign(document.createElement("a"), { href: meta.url });
  const text = document.createElement("p");
  const shown = excerpt.replace(/\bxshelfx\d+x\b/g, "").replace(BETWEEN, "");
  link.append(...marked(meta.title, query));
  text.append(...new DOMParser().parseFromString(shown, "text/html").body.childNodes);
  item.append(link, text);
  return item;
};

/** Show the next results, those first whose titles have all the words. */
const show = async (query, mine) => {
  const next = await Promise.all(rest.slice(0, SHOWN).map((result) => result.data()));
  if (mine !== number) return;
  rest = rest.slice(SHOWN);
  const words = terms(query.toLowerCase());
  const isTitled = ({ meta }) => words.every((word) => meta.title.toLowerCase().includes(word));
  const inOrder = [...next.filter(isTitled), ...next.filter((it) => !isTitled(it))];
  list.append(...inOrder.map((it) => row(it, query)));
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
