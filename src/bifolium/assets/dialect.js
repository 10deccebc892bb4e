"use strict";
// What MathJax knows and KaTeX doesn't, as macros: unlike a rewritten text they keep the offsets of errors.

const COMMAND = /^\\[A-Za-z@]+$/;
const wrong = (message, token) => new katex.ParseError(message, token);
const plain = (tokens) => tokens.map(({ text }) => (COMMAND.test(text) ? `${text} ` : text)).reverse().join("");
const argument = (context) => plain(context.consumeArg().tokens).trim();

function optional(context) {
  context.consumeSpaces();
  return context.future().text === "[" ? (context.popToken(), context.consumeArg(["]"]).tokens) : null;
}

function starred(context) {
  context.consumeSpaces();
  return context.future().text === "*" && Boolean(context.popToken());
}

function named(context) {
  const { tokens, start } = context.consumeArg();
  if (tokens.length !== 1) throw wrong("\\newcommand's first argument must be a macro name", start);
  return tokens[0];
}

// LaTeX's \newcommand, with a star and an optional argument, which KaTeX's lacks. Like MathJax's it may redefine:
// KaTeX has macros of its own, such as \R and \ket, that LaTeX knows nothing of.
const newcommand = (yields) => (context) => {
  starred(context);
  const name = named(context);
  const written = optional(context);
  const count = written ? plain(written).trim() : "0";
  if (!/^[0-9]$/.test(count)) throw wrong(`Invalid number of arguments: ${count}`, written[0] ?? name);
  const preset = optional(context);
  const { tokens } = context.consumeArg();
  if (yields && context.isDefined(name.text)) return "";
  const meaning = preset ? withPreset(tokens, +count, preset) : { tokens, numArgs: +count };
  context.macros.set(name.text, meaning);
  return "";
};

function withPreset(body, count, preset) {
  return (context) => {
    const args = [optional(context) ?? preset, ...context.consumeArgs(count - 1)];
    const tokens = [];
    for (let i = 0; i < body.length; i++) {
      // tokens stand in the order of a stack, so a placeholder's number comes before its #
      const isPlace = body[i + 1]?.text === "#" && args[+body[i].text - 1];
      if (isPlace) tokens.push(...args[+body[i++].text - 1]);
      else tokens.push(body[i]);
    }
    return { tokens, numArgs: 0 };
  };
}

function declareOperator(context) {
  const command = starred(context) ? "\\operatorname*" : "\\operatorname";
  const name = named(context);
  context.macros.set(name.text, `${command}{${argument(context)}}`);
  return "";
}

const NOTATIONS = {
  box: "\\boxed{@}",
  roundedbox: "\\boxed{@}",
  updiagonalstrike: "\\cancel{@}",
  downdiagonalstrike: "\\bcancel{@}",
  horizontalstrike: "\\sout{@}",
  top: "\\overline{@}",
  bottom: "\\underline{@}",
  left: "\\left|{@}\\right.",
  right: "\\left.{@}\\right|",
  radical: "\\sqrt{@}",
  actuarial: "\\angl{@}",
  phasorangle: "\\phase{@}",
};

function enclose(context) {
  const { tokens, start } = context.consumeArg();
  const notations = plain(tokens).split(/[\s,]+/).filter(Boolean);
  const unknown = notations.find((name) => !Object.hasOwn(NOTATIONS, name));
  if (unknown) throw wrong(`Unknown notation of \\enclose: ${unknown}`, start);
  optional(context);
  return notations.reduce((inner, name) => NOTATIONS[name].replace("@", () => inner), "#1");
}

function unicode(context) {
  if (optional(context)) optional(context); // a height and depth, and a font
  const { tokens, start } = context.consumeArg();
  const found = /^(?:(?:0?x|")([0-9a-f]+)|([0-9]+))$/i.exec(plain(tokens).trim());
  const code = found ? parseInt(found[1] ?? found[2], found[1] ? 16 : 10) : Infinity;
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000) || code < 32) throw wrong("Not a character's number", start);
  return `{\\char"${code.toString(16).toUpperCase()}}`;
}

function bbox(context) {
  const style = plain(optional(context) ?? []);
  const colour = /(?:^|,)\s*([a-z]+|#[0-9a-f]{3,6})\s*(?:,|$)/i.exec(style)?.[1];
  const boxed = /border/.test(style) ? "\\fbox{$\\displaystyle #1$}" : "#1";
  return colour ? `\\colorbox{${colour}}{$\\displaystyle ${boxed}$}` : `{${boxed}}`;
}

// \root n \of x and \buildrel a \over b are TeX's own; their arguments end at a word.
const until = (word, meaning) => (context) => meaning.replace("@", () => plain(context.consumeArg([word]).tokens));

// \raise 3pt {x}, \moveleft 3pt {x}: a length without braces, then a group or a \hbox.
function length(context) {
  let text = "";
  while (/^[-+0-9. a-z]$/.test(context.future().text)) text += context.popToken().text;
  return text.trim().replace(/^\+/, "");
}

const opposite = (text) => (text.startsWith("-") ? text.slice(1) : `-${text}`);

function raised(sign) {
  return (context) => {
    const by = sign(length(context));
    if (context.future().text !== "\\hbox") return `\\raisebox{${by}}{$#1$}`;
    context.popToken();
    return `\\raisebox{${by}}{#1}`;
  };
}

function moved(sign) {
  return (context) => {
    const by = sign(length(context));
    return `\\kern${by}{#1}\\kern${opposite(by)}`;
  };
}

// \mathds{1}: KaTeX's blackboard letters have no digits.
function blackboard(context) {
  const text = argument(context);
  return text === "1" ? "{\\mathrm 1\\mskip-5.5mu\\mathrm l}" : `\\mathbb{${text}}`;
}

function dotsFor(context) {
  optional(context); // how far apart
  const count = Math.min(parseInt(argument(context), 10) || 1, 100);
  return Array(count).fill("\\dots").join("&");
}

// \textcolor[rgb]{1,0,0}{x}: a colour by a model becomes the number that KaTeX reads.
const MODELS = {
  rgb: (parts) => parts.map((part) => 255 * part),
  RGB: (parts) => parts,
  gray: ([part]) => [part, part, part].map((it) => 255 * it),
  cmyk: ([c, m, y, k]) => [c, m, y].map((part) => 255 * (1 - part) * (1 - k)),
};

const coloured = (command) => (context) => {
  const written = optional(context);
  const Token = context.future().constructor;
  if (!written) return { tokens: [Object.assign(new Token(command), { noexpand: true })], numArgs: 0 };
  const model = plain(written).trim();
  const { tokens, start } = context.consumeArg();
  const parts = Object.hasOwn(MODELS, model) ? MODELS[model](plain(tokens).split(",").map(Number)) : [];
  if (parts.length !== 3 || !parts.every((it) => it >= 0 && it <= 255)) throw wrong(`Unknown colour model: ${model}`, start);
  return `${command}{${parts.map((it) => Math.round(it).toString(16).padStart(2, "0")).join("")}}`;
};

const same = (text) => text;
const swallow = (context) => (context.consumeArgs(1), "");
const dialect = {
  "\\newcommand": newcommand(false),
  "\\renewcommand": newcommand(false),
  "\\providecommand": newcommand(true),
  "\\DeclareMathOperator": declareOperator,
  "\\label": swallow,
  "\\require": swallow,
  "\\leftroot": swallow,
  "\\uproot": swallow,
  "\\hfill": "",
  "\\hfil": "",
  "\\nonscript": "",
  "\\mbox": "\\text{#1}",
  "\\ensuremath": "{#1}",
  "\\enclose": enclose,
  "\\unicode": unicode,
  "\\bbox": bbox,
  "\\cf": "\\ce{#1}",
  "\\matrix": "\\begin{matrix}#1\\end{matrix}",
  "\\pmatrix": "\\begin{pmatrix}#1\\end{pmatrix}",
  "\\cases": "\\begin{cases}#1\\end{cases}",
  "\\eqalign": "\\begin{aligned}#1\\end{aligned}",
  "\\displaylines": "\\begin{gathered}#1\\end{gathered}",
  "\\root": until("\\of", "\\sqrt[@]"),
  "\\buildrel": until("\\over", "\\stackrel{@}"),
  "\\raise": raised(same),
  "\\lower": raised(opposite),
  "\\moveright": moved(same),
  "\\moveleft": moved(opposite),
  "\\mspace": "\\mskip#1",
  "\\Rule": "\\mathrlap{\\rule[-#3]{#1}{#3}}\\rule{#1}{#2}",
  "\\Space": "\\hspace{#1}\\vphantom{\\rule[-#3]{0em}{#3}\\rule{0em}{#2}}",
  "\\skew": "{#2{#3\\mkern#1mu}\\mkern-#1mu}",
  "\\sideset": "\\mathop{{\\vphantom{#3}}#1\\mathop{#3}\\nolimits#2}\\limits",
  "\\prescript": "{}^{#1}_{#2}{#3}",
  "\\cancelto": "{\\cancel{#2}}^{#1}",
  "\\overparen": "\\overgroup{#1}",
  "\\underparen": "\\undergroup{#1}",
  "\\shoveleft": "{#1}",
  "\\shoveright": "{#1}",
  "\\strut": "\\vphantom{(}",
  "\\idotsint": "\\int\\!\\cdots\\!\\int",
  "\\iiiint": "\\iint\\!\\iint",
  "\\celsius": "\\degree\\mathrm{C}",
  "\\ohm": "\\Omega",
  "\\micro": "\\mu",
  "\\mathds": blackboard,
  "\\mathbbm": blackboard,
  "\\bbm": blackboard,
  "\\textcolor": coloured("\\textcolor"),
  "\\colorbox": coloured("\\colorbox"),
  "\\hdotsfor": dotsFor,
  "\\iddots": "{⋰}",
  "\\uline": "\\underline{#1}",
  "\\st": "\\sout{#1}",
  "\\framebox": "\\fbox{#1}",
  "\\slashed": "{\\mathrlap{\\,/}{#1}}",
  "\\euro": "\\text{€}",
  "\\texteuro": "\\text{€}",
  "\\Tiny": "\\tiny",
  "\\mit": "\\mathit",
  "\\oldstyle": "\\mathrm",
  "\\scr": "\\mathscr",
  "\\mathup": "\\mathrm",
  "\\symbf": "\\mathbf",
  "\\symit": "\\mathit",
  "\\symrm": "\\mathrm",
  "\\symup": "\\mathrm",
  "\\symsf": "\\mathsf",
  "\\symtt": "\\mathtt",
  "\\mathbfup": "\\mathbf",
  "\\mathbfcal": "\\boldsymbol{\\mathcal{#1}}",
  "\\mathbfscr": "\\boldsymbol{\\mathscr{#1}}",
  "\\mathbffrak": "\\boldsymbol{\\mathfrak{#1}}",
  "\\mathbfsf": "\\boldsymbol{\\mathsf{#1}}",
};
for (const [name, meaning] of Object.entries(dialect)) katex.__defineMacro(name, meaning);
