// Comfort for readers of formulas: copying gives their TeX.
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

copyTex();
