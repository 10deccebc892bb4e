// Comfort for readers of formulas: copying gives their TeX, and a reference shows what it leads to.
// It is a module, so it runs when the page is there, and its names are its own.

/** Return a formula's source, if its page has that, without the blanks that stand for a label. */
const texOf = (formula) => {
  const source = formula.querySelector("annotation[encoding='application/x-tex']")?.textContent;
  return source?.replace(/(\\tag\{[^{}]*\}) +/g, "$1 ").trim();
};

/** Put the source of each formula into what is copied, instead of its glyphs twice over. */
const copyTex = () => {
  addEventListener("copy", (event) => {
    const selection = getSelection();
    if (selection.isCollapsed || !event.clipboardData) return;
    const range = selection.getRangeAt(0).cloneRange();
    for (const [point, edge] of [["startContainer", "setStartBefore"], ["endContainer", "setEndAfter"]]) {
      const node = range[point];
      const formula = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(".katex");
      if (formula) range[edge](formula);
    }
    const copied = range.cloneContents();
    const formulas = [...copied.querySelectorAll(".katex")].filter(texOf);
    if (!formulas.length) return;
    const html = document.createElement("div");
    html.append(copied.cloneNode(true));
    for (const formula of formulas) {
      const marks = formula.parentElement?.matches(".katex-display") ? "$$" : "$";
      formula.replaceWith(marks + texOf(formula) + marks);
    }
    const shown = document.createElement("div"); // only what is drawn has line breaks between its blocks
    shown.style.cssText = "position: fixed; inset-inline-start: -100vw; white-space: pre-wrap";
    shown.append(copied);
    document.body.append(shown);
    event.clipboardData.setData("text/plain", shown.innerText);
    event.clipboardData.setData("text/html", html.innerHTML);
    shown.remove();
    event.preventDefault();
  });
};

/** Return the element that a reference leads to, in this page or another one of the site. */
const targetOf = async (link) => {
  const id = decodeURIComponent(link.hash.slice(1));
  if (link.pathname === location.pathname) return document.getElementById(id);
  const page = await fetch(link.href.split("#")[0]);
  return new DOMParser().parseFromString(await page.text(), "text/html").getElementById(id);
};

/** Show what a reference leads to beside it, while the pointer or the keyboard is on it. */
const offerPreviews = () => {
  let current, box;
  const hide = () => {
    box?.remove();
    current = box = null;
  };
  const preview = async (link) => {
    current = link;
    const target = await targetOf(link).catch(() => null);
    if (!target || current !== link) return;
    const shown = target.closest(".math, figure") ?? target;
    box = document.createElement("aside");
    box.className = "preview content";
    box.append(document.importNode(shown, true));
    for (const named of box.querySelectorAll("[id]")) named.removeAttribute("id");
    document.body.append(box);
    const at = link.getBoundingClientRect();
    const left = Math.min(at.left, innerWidth - box.offsetWidth - 16);
    const above = at.bottom + box.offsetHeight + 16 > innerHeight && at.top > box.offsetHeight;
    box.style.left = `${Math.max(16, left) + scrollX}px`;
    box.style.top = `${(above ? at.top - box.offsetHeight - 6 : at.bottom + 6) + scrollY}px`;
  };
  const links = document.querySelectorAll("a.ref");
  for (const link of links) {
    for (const on of ["pointerenter", "focus"]) link.addEventListener(on, () => (hide(), preview(link)));
    for (const off of ["pointerleave", "blur"]) link.addEventListener(off, hide);
  }
  if (links.length) addEventListener("keydown", (event) => event.key === "Escape" && hide());
};

copyTex();
offerPreviews();
