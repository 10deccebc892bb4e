// What is wrong, over the page: exactly the terminal's words. A click on a place opens it in the author's editor.

const STYLE = `
  :host { all: initial; position: fixed; inset: auto 0 0 0; z-index: 2147483647; font: 13px/1.45 ui-monospace, monospace; }
  section { max-height: 50vh; overflow: auto; background: #1d1a1a; color: #eee; border-block-start: 3px solid #d33; padding: .8em 1.2em; }
  section.warning { border-color: #e0a000; }
  pre { margin: 0 0 .9em; white-space: pre; tab-size: 4; font: inherit; cursor: pointer; overflow-x: auto; }
  pre:hover, pre:focus-visible { background: #ffffff14; outline: none; }
  .error::first-line { color: #ff8f8f; font-weight: bold; }
  .warning::first-line, .note::first-line { color: #ffd266; font-weight: bold; }
  button { all: unset; cursor: pointer; }
  .close { position: sticky; inset-block-start: 0; float: right; padding: 0 .4em; font-size: 16px; }
  .badge { position: fixed; inset: auto 12px 12px auto; background: #b00; color: #fff; border-radius: 1em; padding: .15em .7em; box-shadow: 0 1px 4px #0006; }
  .badge.warning { background: #8a6100; }
  aside { position: fixed; inset: auto auto 12px 12px; max-block-size: 40vh; overflow: auto; padding: .2em .7em; border-radius: .6em; background: #333c; color: #fff; font-size: 12px; z-index: -1; }
  aside a { color: #9cf; }
  .badge.lost { background: #555; }
  [hidden] { display: none; }
`;

export class Overlay {
  #root;
  #send;
  #closed = "";
  #shown = "";

  constructor(send) {
    const host = document.createElement("bifolium-preview");
    this.#send = send;
    this.#root = host.attachShadow({ mode: "open" });
    const style = new CSSStyleSheet(); // unlike an element, a page's policy lets it be
    style.replaceSync(STYLE);
    this.#root.adoptedStyleSheets = [style];
    this.#root.innerHTML = `<section role="alert" hidden><button class="close" aria-label="close">×</button><div></div></section>
      <button class="badge" hidden></button><aside hidden></aside>`;
    document.documentElement.append(host);
    this.#part(".close").onclick = () => this.#close();
    this.#part(".badge").onclick = () => (this.#closed = "", this.#draw(this.all));
    addEventListener("keydown", (event) => event.key === "Escape" && this.#close());
  }

  /** Show the problems of this page, and how many there are elsewhere. */
  show(here, elsewhere) {
    this.here = here;
    this.all = [...here, ...elsewhere];
    if (this.#closed !== JSON.stringify(here)) this.#draw(here);
    this.#count(elsewhere.length ? elsewhere : this.#part("section").hidden ? here : []);
  }

  /** Show how long the text is, or on the home page what isn't published yet. */
  help({ words, minutes, waiting }) {
    const box = this.#part("aside");
    const links = (waiting ?? []).map(({ why, title, url, path }) => {
      const line = document.createElement("div");
      const link = document.createElement(url ? "a" : "span");
      Object.assign(link, { textContent: title, title: path, ...(url && { href: url }) });
      line.append(`${why}: `, link);
      return line;
    });
    box.replaceChildren(...(words ? [`${words} words · ${minutes} min`] : links));
    box.hidden = !box.childNodes.length;
  }

  /** Say that the server is gone, or back. */
  lost(is) {
    const badge = this.#part(".badge");
    badge.classList.toggle("lost", is);
    if (is) Object.assign(badge, { hidden: false, textContent: "the preview has ended" });
    else if (this.here) this.show(this.here, this.all.slice(this.here.length));
    else badge.hidden = true;
  }

  #draw(problems) {
    const section = this.#part("section");
    section.hidden = !problems.length;
    section.className = problems.some((it) => it.severity === "error") ? "error" : "warning";
    section.querySelector("div").replaceChildren(...problems.map((it) => this.#entry(it)));
  }

  #entry({ text, path, line, column, severity }) {
    const entry = document.createElement("pre");
    entry.className = severity;
    entry.tabIndex = 0;
    entry.textContent = text;
    entry.onclick = () => this.#send({ edit: path, line, column });
    entry.onkeydown = (event) => event.key === "Enter" && entry.onclick();
    return entry;
  }

  #count(problems) {
    const badge = this.#part(".badge");
    const errors = problems.filter((it) => it.severity === "error").length;
    badge.hidden = !problems.length;
    badge.className = `badge ${errors ? "error" : "warning"}`;
    badge.textContent = `${problems.length} problem${problems.length === 1 ? "" : "s"}`;
  }

  #close() {
    this.#closed = JSON.stringify(this.here ?? []);
    this.#part("section").hidden = true;
    if (this.all?.length) this.#count(this.all);
  }

  #part(selector) {
    return this.#root.querySelector(selector);
  }
}
