// Draw diagrams where the page has their source, in the page's colours; a source with a mistake stays as it is.
// Only pages with a diagram load this, after Mermaid.

{
  const root = document.documentElement;
  const boxes = [...document.querySelectorAll(".content .mermaid")].map((box) => ({ box, source: box.textContent }));
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);

  const draw = async ({ box, source }, number) => {
    const { svg } = await mermaid.render(`diagram-${number}`, source);
    box.innerHTML = svg;
    box.classList.add("drawn");
  };

  /** Say under a source what Mermaid found wrong with it. */
  const blame = ({ box }, mistake) => (box.title = mistake.message ?? String(mistake));

  const drawAll = async () => {
    const fontFamily = getComputedStyle(document.body).fontFamily;
    mermaid.initialize({
      startOnLoad: false,
      securityLevel: "strict",
      suppressErrorRendering: true,
      theme: isDark() ? "dark" : "neutral",
      fontFamily,
    });
    for (const [number, diagram] of boxes.entries()) {
      await draw(diagram, number).catch((mistake) => blame(diagram, mistake));
    }
  };

  let last = Promise.resolve();
  const again = () => (last = last.then(drawAll));
  again();
  dark.addEventListener("change", again);
  new MutationObserver(again).observe(root, { attributeFilter: ["data-theme"] });
}
