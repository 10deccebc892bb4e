// Draw diagrams where the page has their source, in the page's colours; a source with a mistake stays as it is.
// Only pages with a diagram load this, after Mermaid.

{
  const root = document.documentElement;
  const sources = new WeakMap();
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);

  /** Return the source of a diagram, which stands in its box until that is drawn. */
  const sourceOf = (box) => {
    if (!box.querySelector("svg")) sources.set(box, box.textContent);
    return sources.get(box);
  };

  const draw = async (box, number) => {
    const { svg } = await mermaid.render(`diagram-${number}`, sourceOf(box));
    box.innerHTML = svg;
    box.classList.add("drawn");
  };

  /** Say under a source what Mermaid found wrong with it. */
  const blame = (box, mistake) => (box.title = mistake.message ?? String(mistake));

  const drawAll = async (boxes) => {
    const fontFamily = getComputedStyle(document.body).fontFamily;
    mermaid.initialize({
      startOnLoad: false,
      securityLevel: "strict",
      suppressErrorRendering: true,
      theme: isDark() ? "dark" : "neutral",
      fontFamily,
    });
    for (const box of boxes) await draw(box, number++).catch((mistake) => blame(box, mistake));
  };

  let last = Promise.resolve(), number = 0;
  const drawn = (which) => (last = last.then(() => drawAll(document.querySelectorAll(`.content .mermaid${which}`))));
  const again = () => drawn("");
  again();
  dark.addEventListener("change", again);
  document.addEventListener("bifolium:updated", () => drawn(":not(:has(svg))"));
  new MutationObserver(again).observe(root, { attributeFilter: ["data-theme"] });
}
