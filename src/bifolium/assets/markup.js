"use strict";
// KaTeX's elements as HTML, the same bytes in half of the time: in QuickJS, replacing by a regular expression is slow, and
// KaTeX does it for each class, style and text, of which there are few different ones.
// Its iterators are slow, too. A first build gains 17 %.
(() => {
  const MOST = 4000;
  const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };

  function remembered(make) {
    const known = new Map();
    return (text) => {
      const found = known.get(text);
      if (found !== undefined) return found;
      if (known.size >= MOST) known.clear();
      const made = make(text);
      known.set(text, made);
      return made;
    };
  }

  const safe = remembered((text) => String(text).replace(/[&<>"']/g, (sign) => SIGNS[sign]));
  const hyphenated = remembered((name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));

  function attributes(classes, first, style) {
    let names = "";
    for (let i = 0; i < classes.length; i++) if (classes[i]) names += names ? ` ${classes[i]}` : classes[i];
    let css = first;
    for (const name in style) {
      const value = style[name];
      const isVoid = value === undefined || (name === "height" && value[0] === "-"); // browsers ignore what CSS forbids
      if (!isVoid) css += `${hyphenated(name)}:${value};`;
    }
    const classed = classes.length ? ` class="${safe(names)}"` : "";
    return css ? `${classed} style="${safe(css)}"` : classed;
  }

  const { Span, SymbolNode } = katex.__domTree;
  const patient = Span.prototype.toMarkup;

  Span.prototype.toMarkup = function () {
    let hidden = "";
    for (const name in this.attributes) {
      if (name !== "aria-hidden") return patient.call(this);
      hidden = ` aria-hidden="${safe(this.attributes[name])}"`;
    }
    let inner = "";
    for (let i = 0; i < this.children.length; i++) inner += this.children[i].toMarkup();
    return `<span${attributes(this.classes, "", this.style)}${hidden}>${inner}</span>`;
  };

  SymbolNode.prototype.toMarkup = function () {
    const slant = this.italic > 0 ? `margin-right:${+this.italic.toFixed(4)}em;` : "";
    const shown = attributes(this.classes, slant, this.style);
    return shown ? `<span${shown}>${safe(this.text)}</span>` : safe(this.text);
  };

  // The same for MathML, and as HTML allows it: a browser takes elements inside of <mo> for unknown ones of HTML, and
  // \overset{!}{=} is written so. KaTeX doesn't show its classes of nodes, so they are taken from a formula.
  const x = katex.__renderToDomTree("x", { output: "mathml" }).children[0].children[0].children[0].children[0];
  const MathNode = x.constructor;
  const Text = x.children[0].constructor;
  const TOKENS = new Set(["mi", "mn", "mo", "mtext"]);
  const isElement = (node) => !(node instanceof Text);

  // KaTeX writes ≠ as = and a stroke, which only the two together are in the form that the web asks for.
  const composed = remembered((text) => safe(String(text).normalize("NFC")));

  Text.prototype.toMarkup = function () {
    return composed(this.text);
  };

  // Elements whose children have places: several in one place, as KaTeX has them in x_{\lim}, need a row.
  const PLACED = new Set(["mfrac", "mover", "mroot", "msub", "msubsup", "msup", "munder", "munderover"]);
  const isSeveral = (node) => node.type === undefined && isElement(node) && node.children.length > 1;

  function child(node, name) {
    if (name === "annotation") return safe(node.text);
    return PLACED.has(name) && isSeveral(node) ? `<mrow>${node.toMarkup()}</mrow>` : node.toMarkup();
  }

  // \mathop{\mathrm{arg}}: a word, which is not to be read letter by letter.
  const spelled = (nodes) => {
    let text = "";
    for (const { type, attributes, children } of nodes) {
      const isLetter = type === "mi" && attributes.mathvariant === "normal" && !children.some(isElement);
      const part = isLetter ? children.map((it) => it.text).join("") : type === "mrow" && spelled(children);
      if (!part) return "";
      text += part;
    }
    return text;
  };

  MathNode.prototype.toMarkup = function () {
    const holds = TOKENS.has(this.type) && this.children.some(isElement);
    const word = holds && spelled(this.children);
    if (word) return `<mi>${safe(word)}</mi>`;
    const name = holds ? "mrow" : this.type;
    let markup = `<${name}`;
    if (!holds) for (const attribute in this.attributes) markup += attributed(name, attribute, this.attributes[attribute]);
    if (this.classes.length) markup += ` class ="${safe(this.classes.filter(Boolean).join(" "))}"`;
    markup += ">";
    for (let i = 0; i < this.children.length; i++) markup += child(this.children[i], name);
    return `${markup}</${name}>`;
  };

  const attributed = (name, attribute, value) => {
    if (value === "") return "";
    return name === "mtd" && attribute === "width" ? ` style="width:${safe(value)}"` : ` ${attribute}="${safe(value)}"`;
  };
})();
