// Keep the page up to date while its author writes: what changed is morphed in, what the reader did stays.
// The preview's server puts this into the pages that it shows; no built page has it.

import { Idiomorph } from "./idiomorph.js";
import { Overlay } from "./overlay.js";

const BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, pre, blockquote, figure, table, dt, dd, .math, aside, img, header, nav";
const own = () => document.querySelector("script[data-made]");
const overlay = new Overlay((message) => send(message));
let made = own().dataset.made;
let socket;
let last = Promise.resolve(); // one page after the other

/** The page as the server last sent it; whatever the living page has besides was done by its reader or by scripts. */
let pristine = new WeakMap();

/** The living node of each node of that page. */
let living = new WeakMap();

/** Note for each living node which node of `sent` it came from; nodes that scripts added have none. */
const pair = (node, sent) => {
  pristine.set(node, sent);
  living.set(sent, node);
  const theirs = [...sent.childNodes];
  for (const child of node.childNodes) {
    const at = theirs.findIndex((other) => other.nodeName === child.nodeName && other.nodeType === child.nodeType);
    if (at < 0 || (child.nodeType === Node.ELEMENT_NODE && child.id && child.id !== theirs[at].id)) continue;
    pair(child, theirs[at]);
    theirs.splice(0, at + 1);
  }
};

const parse = (html) => new DOMParser().parseFromString(html, "text/html");

const send = (message) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message));

/** Keep what the reader looks at where it is while `change` happens. */
const steadily = (change) => {
  const blocks = [...(document.querySelector("main") ?? document.body).querySelectorAll(BLOCKS)];
  const seen = blocks.find((block) => block.getBoundingClientRect().top >= 0);
  const before = seen?.getBoundingClientRect().top;
  change();
  const settle = () => {
    const moved = scrollY > 0 && seen?.isConnected ? seen.getBoundingClientRect().top - before : 0;
    if (moved) scrollBy({ top: moved, behavior: "instant" });
  };
  settle();
  const at = scrollY;
  document.fonts.ready.then(() => scrollY === at && settle()); // a first formula's fonts change the height of its line
};

const STYLES = "link[rel=stylesheet], style";
const nameOf = (style) => style.getAttribute("href") ?? style.textContent;

/** Bring in the stylesheets that are new; return how to take the old ones away, once the new ones are there. */
const bringStyles = async (fresh) => {
  const old = [...document.head.querySelectorAll(STYLES)];
  const wanted = [...fresh.head.querySelectorAll(STYLES)];
  const known = new Set(old.map(nameOf)), names = new Set(wanted.map(nameOf));
  const coming = wanted.filter((style) => !known.has(nameOf(style))).map((style) => document.importNode(style, true));
  const loaded = coming.filter((style) => style.localName === "link").map(
    (style) => new Promise((done) => (style.onload = style.onerror = done)),
  );
  document.head.append(...coming);
  if (loaded.length) await Promise.race([Promise.all(loaded), new Promise((done) => setTimeout(done, 1000))]);
  return () => old.filter((style) => !names.has(nameOf(style))).forEach((style) => style.remove());
};

/** Take over the rest of the head; scripts that are new are run. */
const updateHead = (fresh) => {
  document.title = fresh.title;
  for (const { name, value } of fresh.documentElement.attributes) {
    if (!pristine.get(document.documentElement)?.hasAttribute(name) || name === "lang") document.documentElement.setAttribute(name, value);
  }
  const known = new Set([...document.scripts].map((script) => script.src));
  for (const script of fresh.head.querySelectorAll("script[src]:not([data-made])")) {
    if (known.has(script.src)) continue;
    const copy = document.createElement("script");
    copy.async = false; // one after the other
    for (const { name, value } of script.attributes) copy.setAttribute(name, value);
    document.head.append(copy);
  }
};

/**
 * Give blocks that are the same before and after the same id for a moment, by which Idiomorph knows them: what is put
 * in or taken out above them then leaves them alone.
 */
const matched = (before, after, named) => {
  const old = [...before.children], fresh = [...after.children];
  const places = new Map();
  for (const [at, element] of old.entries()) places.set(element.outerHTML, at);
  const left = [];
  let next = 0;
  for (const element of fresh) {
    const at = places.get(element.outerHTML);
    const node = at >= next && living.get(old[at]);
    if (!node) left.push(element);
    else {
      next = at + 1;
      if (!node.id) named.set(node, element);
    }
  }
  const rest = old.filter((element) => !fresh.some((other) => other.isEqualNode(element)));
  for (const element of left) {
    const at = rest.findIndex((other) => other.localName === element.localName && other.id === element.id);
    if (at >= 0) matched(rest.splice(at, 1)[0], element, named);
  }
  return named;
};

/** Do `change` while the pairs of `named` have ids in common. */
const whileNamed = (named, change) => {
  let number = 0;
  for (const [node, element] of named) node.id = element.id = `bifolium-${number++}`;
  const same = new Set(named.values());
  try {
    return change(same);
  } finally {
    for (const [node] of named) node.removeAttribute("id");
  }
};

/** Tell whether a script has put something else in the place of what was sent, as a diagram in that of its source. */
const isReplaced = (node) =>
  pristine.get(node)?.hasChildNodes() && node.hasChildNodes() && ![...node.childNodes].some((child) => pristine.has(child));

/** Morph the page's body into that of `fresh`, and return the blocks that changed. */
const morph = (fresh, same) => {
  const changed = new Set();
  const becoming = new WeakMap();
  Idiomorph.morph(document.body, fresh.body, {
    morphStyle: "outerHTML",
    ignoreActiveValue: true,
    callbacks: {
      beforeNodeMorphed: (old, node) => {
        if (same.has(node) || pristine.get(old)?.isEqualNode(node)) return false;
        if (isReplaced(old)) old.replaceChildren();
        becoming.set(old, node);
        if (old.nodeType === Node.TEXT_NODE && old.data !== node.data) changed.add(old.parentElement);
      },
      afterNodeAdded: (node) => changed.add(node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement),
      beforeNodeRemoved: (node) => node.nodeType !== Node.ELEMENT_NODE || pristine.has(node) || !node.parentElement?.isConnected,
      beforeAttributeUpdated: (name, old, how) => {
        const sent = pristine.get(old), next = becoming.get(old);
        if (!sent) return true;
        return sent.getAttribute(name) !== (how === "remove" ? null : next?.getAttribute(name) ?? null);
      },
    },
  });
  const blocks = new Set([...changed].map((element) => element?.closest(BLOCKS)).filter((block) => block && block.isConnected));
  return [...blocks].filter((block) => ![...blocks].some((other) => other !== block && block.contains(other)));
};

const renewed = (fresh) => {
  const sent = pristine.get(document.body);
  return whileNamed(sent ? matched(sent, fresh.body, new Map()) : new Map(), (same) => morph(fresh, same));
};

const flash = (block) =>
  block.animate([{ backgroundColor: "rgb(255 200 0 / .35)" }, { backgroundColor: "transparent" }], { duration: 1200, easing: "ease-out" });

const isOffScreen = (block) => {
  const { top, bottom } = block.getBoundingClientRect();
  return bottom < 0 || top > innerHeight;
};

/** Show the page that the server has sent. */
const update = async (html, follow) => {
  const fresh = parse(html);
  const takeOldStyles = await bringStyles(fresh);
  updateHead(fresh);
  let blocks = [];
  if (!pristine.get(document.body)?.isEqualNode(fresh.body)) steadily(() => (blocks = renewed(fresh)));
  pristine = new WeakMap();
  living = new WeakMap();
  pair(document.documentElement, parse(html).documentElement);
  takeOldStyles();
  blocks.forEach(flash);
  if (follow && blocks[0] && isOffScreen(blocks[0])) blocks[0].scrollIntoView({ block: "center" });
  document.dispatchEvent(new CustomEvent("bifolium:updated"));
};

const isHere = (url) => decodeURI(url) === decodeURI(location.pathname);

const hear = ({ html, made: now, moved, follow, problems, others, ...help }) => {
  if (moved) return location.replace(moved);
  if (follow && !isHere(follow) && document.visibilityState === "visible") return location.assign(follow);
  if (html) last = last.then(() => update(html, follow));
  made = now ?? made;
  if (problems) overlay.show(problems, others);
  overlay.help(help);
};

const connect = () => {
  socket = new WebSocket(`ws://${location.host}/_bifolium/socket`);
  socket.onopen = () => (overlay.lost(false), send({ view: location.pathname, made }));
  socket.onmessage = ({ data }) => hear(JSON.parse(data));
  socket.onclose = () => (overlay.lost(true), setTimeout(connect, 500));
};

/** A click with the Alt key opens the source of what is under the pointer in the author's editor. */
addEventListener("click", (event) => {
  const block = event.altKey && event.target.closest?.(BLOCKS);
  if (!block) return;
  event.preventDefault();
  const bare = block.cloneNode(true);
  bare.querySelectorAll(".katex, button").forEach((part) => part.remove());
  send({ block: bare.textContent.slice(0, 2000) });
}, true);

/** The page as it was sent is fetched once: by now scripts may have changed the one that is shown. */
const begin = async () => {
  const sent = await fetch(location.href, { cache: "no-store" }).then((answer) => answer.text()).catch(() => "");
  const page = parse(sent);
  if (page.querySelector("script[data-made]")?.dataset.made === made) pair(document.documentElement, page.documentElement);
  connect();
};

begin();
