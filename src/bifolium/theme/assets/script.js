// Comfort for readers: a switch for the colours, a copy button on code, a mark on the section being read, pictures large.
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
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
  };

  /** Change to the other colours; if those are the system's own, follow the system again. */
  const switchTheme = () => {
    const system = dark.matches ? "dark" : "light";
    const next = (root.dataset.theme || system) === "dark" ? "light" : "dark";
    show(next === system ? "" : next);
    stored((storage) => (next === system ? storage.removeItem(KEY) : storage.setItem(KEY, next)));
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

  const offerThemes = () => {
    const button = document.querySelector("button.theme");
    if (!button) return;
    button.addEventListener("click", switchTheme);
    button.hidden = false;
  };

  /** Return a block's code: the signs of a comparison before its lines are no part of it. */
  const codeOf = (code) => {
    const bare = code.cloneNode(true);
    bare.querySelectorAll(".sign").forEach((sign) => sign.remove());
    return bare.textContent;
  };

  const copy = async (code, button) => {
    const { copy, copied } = document.body.dataset;
    await navigator.clipboard.writeText(codeOf(code));
    button.textContent = copied;
    setTimeout(() => (button.textContent = copy), 2000);
  };

  const offerCopies = () => {
    if (!navigator.clipboard) return;
    for (const code of document.querySelectorAll("figure.code pre > code")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = document.body.dataset.copy;
      button.addEventListener("click", () => copy(code, button));
      code.closest("figure").append(button);
    }
  };

  /** Mark the link of the last heading above the reader's eyes, and keep it in sight. */
  const followReader = () => {
    const links = [...document.querySelectorAll(".contents a[href^='#']")];
    const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
    let current;
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
    if (!links.length) return;
    addEventListener("scroll", soon, { passive: true });
    mark();
  };

  const keepInSight = (link) => {
    const box = link?.closest(".side");
    if (!box || box.scrollHeight <= box.clientHeight) return;
    box.scrollTop += link.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 2;
  };

  /** Let the keyboard reach what is wider than the page; not every browser does so by itself. */
  const openScrollers = () => {
    for (const box of document.querySelectorAll(".math, .content :is(table, p, li)")) {
      if (box.scrollWidth <= box.clientWidth) continue;
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
    dialog.ariaLabel = picture.alt = link.querySelector("img").alt;
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

  const whenReady = (...tasks) => {
    if (document.readyState !== "loading") tasks.forEach((task) => task());
    else addEventListener("DOMContentLoaded", () => tasks.forEach((task) => task()));
  };

  show(stored((storage) => storage.getItem(KEY)));
  awaitFonts();
  whenReady(offerThemes, offerCopies, followReader, openScrollers, offerZoom);
}
