// Comfort for readers: a switch for the colours, copies of code, the section being read, pictures large, notes at hand.
// It is loaded before the page is drawn, so that the chosen colours are there at once; the rest waits for the page.

{
  const root = document.documentElement;
  const KEY = "bifolium-theme";
  const dark = matchMedia("(prefers-color-scheme: dark)");

  /** Run `access` on the browser's storage; readers may have switched that off. */
  const stored = (access) => {
    try {
      return access(localStorage);
    } catch {
      return null;
    }
  };

  const show = (theme) => {
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
  };

  /** Go on to the next colours: the system's own, the other ones, and those that the system has now, for good. */
  const switchTheme = (button) => {
    const system = dark.matches ? ["light", "dark"] : ["dark", "light"];
    const order = ["auto", ...system];
    const next = order[(order.indexOf(root.dataset.theme ?? "auto") + 1) % 3];
    show(next);
    stored((storage) => (next === "auto" ? storage.removeItem(KEY) : storage.setItem(KEY, next)));
    tell(button);
  };

  /** Tell whether the page has formulas, whose fonts may be on their way, and nothing of it is drawn yet. */
  const mayWait = () =>
    document.fonts && document.querySelector("link[rel=preload][as=font]") && !performance.getEntriesByType("paint").length;

  /**
   * Draw a text when the fonts of its formulas are there, or after half a second: else its lines break anew when they
   * come. Its lines must be broken once before the browser knows which fonts it needs.
   */
  const awaitFonts = () => {
    if (!mayWait()) return;
    root.dataset.fonts = "awaited";
    const draw = () => delete root.dataset.fonts;
    setTimeout(draw, 500);
    whenReady(() => document.body.offsetHeight && document.fonts.ready.then(draw));
  };

  const tell = (button) => (button.title = button.ariaLabel = button.dataset[root.dataset.theme ?? "auto"]);

  const offerThemes = () => {
    const button = document.querySelector("button.theme");
    if (!button) return;
    tell(button);
    button.addEventListener("click", () => switchTheme(button));
    button.hidden = false;
  };

  /** Return a block's code: the signs of a comparison before its lines are no part of it. */
  const codeOf = (code) => {
    const bare = code.cloneNode(true);
    bare.querySelectorAll(".sign").forEach((sign) => sign.remove());
    return bare.textContent;
  };

  const copy = async (button) => {
    const { copy, copied } = document.body.dataset;
    await navigator.clipboard.writeText(codeOf(button.parentElement.querySelector("pre > code")));
    button.textContent = copied;
    setTimeout(() => (button.textContent = copy), 2000);
  };

  const offerCopies = () => {
    if (!navigator.clipboard) return;
    for (const code of document.querySelectorAll("figure.code:not(:has(.copy))")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = document.body.dataset.copy;
      button.addEventListener("click", () => copy(button));
      code.append(button);
    }
  };

  /** Mark the link of the last heading above the reader's eyes, and keep it in sight. */
  const followReader = () => {
    let links, headings, current;
    const look = () => {
      links = [...document.querySelectorAll(".contents a[href^='#']")];
      headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
      mark();
    };
    const mark = () => {
      const at = headings.findLastIndex((heading) => heading && heading.getBoundingClientRect().top < 120);
      if (links[at] === current) return;
      current?.removeAttribute("aria-current");
      current = links[at];
      current?.setAttribute("aria-current", "true");
      keepInSight(current);
    };
    let waiting = false;
    const soon = () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => ((waiting = false), mark()));
    };
    addEventListener("scroll", soon, { passive: true });
    whenRenewed(look);
  };

  const keepInSight = (link) => {
    const box = link?.closest(".side");
    if (!box || box.scrollHeight <= box.clientHeight) return;
    box.scrollTop += link.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 2;
  };

  /** Let the keyboard reach what is wider than the page; not every browser does so by itself. */
  const openScrollers = () => {
    for (const box of document.querySelectorAll(".math, .content :is(table, p, dd, ul, ol)")) {
      if (box.scrollWidth <= box.clientWidth || getComputedStyle(box).overflowX === "visible") continue;
      box.tabIndex = 0;
      if (!box.matches(".math")) continue;
      box.role = "group";
      box.ariaLabel = document.body.dataset.formula;
    }
  };

  /** Show a picture's original as large as the window; another click shows all its pixels, to be moved about. */
  const enlarge = (link) => {
    const dialog = document.createElement("dialog");
    const picture = new Image();
    const button = document.createElement("button");
    const hasMore = () => picture.naturalWidth > dialog.clientWidth || picture.naturalHeight > dialog.clientHeight;
    dialog.className = "zoomed";
    picture.alt = link.querySelector("img").alt;
    dialog.ariaLabel = picture.alt || link.ariaLabel;
    picture.src = link.href;
    button.type = "button";
    button.textContent = "×";
    button.ariaLabel = document.body.dataset.close;
    dialog.append(button, picture);
    dialog.addEventListener("close", () => dialog.remove());
    dialog.addEventListener("click", ({ target, offsetX, offsetY }) => {
      if (target !== picture || dialog.classList.contains("whole") || !hasMore()) return dialog.close();
      const [x, y] = [offsetX / picture.width, offsetY / picture.height];
      dialog.classList.add("whole");
      dialog.scrollTo(x * picture.width - dialog.clientWidth / 2, y * picture.height - dialog.clientHeight / 2);
    });
    document.body.append(dialog);
    dialog.showModal();
  };

  const offerZoom = () =>
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a.zoom");
      if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      enlarge(link);
    });

  /** Return the element that a link leads to, in this page or another one of the site. */
  const targetOf = async (link) => {
    const id = decodeURIComponent(link.hash.slice(1));
    if (link.pathname === location.pathname) return document.getElementById(id);
    const page = await fetch(link.href.split("#")[0]);
    return new DOMParser().parseFromString(await page.text(), "text/html").getElementById(id);
  };

  /** Return a box with a copy of `shown`, without its ids (no two elements may have the same) and ways back. */
  const boxWith = (shown, link) => {
    const box = document.createElement("aside");
    box.className = "preview content";
    box.lang = link.closest("[lang]").lang;
    box.append(...[shown].flat().map((part) => document.importNode(part, true)));
    for (const named of box.querySelectorAll("[id]")) named.removeAttribute("id");
    for (const back of box.querySelectorAll(".footnote-back")) back.remove();
    return box;
  };

  /** Lay `box` under `link`, or above it where there is no room. */
  const lay = (box, link) => {
    const at = link.getBoundingClientRect();
    const left = Math.min(at.left, root.clientWidth - box.offsetWidth - 16);
    const above = at.bottom + box.offsetHeight + 16 > innerHeight && at.top > box.offsetHeight;
    box.style.left = `${Math.max(16, left) + scrollX}px`;
    box.style.top = `${(above ? at.top - box.offsetHeight - 6 : at.bottom + 6) + scrollY}px`;
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
      box = boxWith(target.closest(".math, figure") ?? target, link);
      document.body.append(box);
      lay(box, link);
    };
    const follow = ({ target }) => {
      const link = target.closest?.("a.ref");
      if (link === current) return;
      hide();
      if (link) preview(link);
    };
    for (const on of ["pointerover", "focusin"]) document.addEventListener(on, follow);
    root.addEventListener("pointerleave", hide);
    document.addEventListener("focusout", hide);
    addEventListener("keydown", (event) => event.key === "Escape" && hide());
  };

  /** Show a note over the text where the browser can; elsewhere its number leads to it. */
  const offerNotes = () => {
    if (!("popover" in HTMLElement.prototype)) return;
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a.footnote");
      const note = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (!note || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      const box = boxWith([...note.childNodes], link);
      Object.assign(box, { popover: "auto", tabIndex: -1, ariaLabel: document.body.dataset.note });
      box.addEventListener("toggle", ({ newState }) => newState === "closed" && box.remove());
      document.body.append(box);
      box.showPopover();
      lay(box, link);
      box.focus({ preventScroll: true });
    });
  };

  /** Give headings a link to themselves, for the pointer; the contents have them for everybody. */
  const offerAnchors = () => {
    for (const heading of document.querySelectorAll(".content:not(.summary) > :is(h1, h2, h3, h4, h5, h6)[id]")) {
      const link = heading.querySelector(":scope > .anchor") ?? document.createElement("a");
      link.className = "anchor";
      link.href = `#${encodeURIComponent(heading.id)}`;
      link.title = document.body.dataset.section;
      link.tabIndex = -1;
      link.ariaHidden = true;
      heading.append(link);
    }
  };

  /** Open the search with its button or `/`; nothing of it is loaded before. */
  const offerSearch = () => {
    const button = document.querySelector("button.search");
    if (!button) return;
    const open = async () => (await import(button.dataset.script)).open();
    button.hidden = false;
    button.addEventListener("click", open);
    addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
      event.preventDefault();
      open();
    });
  };

  const whenReady = (...tasks) => {
    if (document.readyState !== "loading") tasks.forEach((task) => task());
    else addEventListener("DOMContentLoaded", () => tasks.forEach((task) => task()));
  };

  /** Do `task`, and again whenever the page's text is another one, as in a preview. */
  const whenRenewed = (task) => {
    task();
    document.addEventListener("bifolium:updated", task);
  };

  show(stored((storage) => storage.getItem(KEY)) ?? "auto");
  awaitFonts();
  whenReady(offerThemes, offerSearch, followReader, offerZoom, offerPreviews, offerNotes);
  whenReady(...[offerCopies, openScrollers, offerAnchors].map((offer) => () => whenRenewed(offer)));
}
