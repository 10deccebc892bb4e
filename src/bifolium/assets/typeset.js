"use strict";
// Between bifolium and KaTeX: formulas in, HTML or a message in our words out, as JSON both ways.
// A formula is [TeX, display, definitions before it] and gets [html], or [html or "", message, offset, length]: both in
// UTF-16 units, offset -1 if the fault has no place in the formula.

// What KaTeX draws in place of a command that it doesn't trust is no error, and what it held is lost. Red is the sign.
const DISTRUST = "#badbad";
const DISTRUSTED = /\\(?:href|url|includegraphics|html(?:Class|Id|Style|Data))(?![A-Za-z])/;
const DEFINES = /\\(?:[gex]?def|let|(?:re|provide)?(?:new)?command|DeclareMathOperator)(?![A-Za-z])/;
const LIMITS = { trust: false, maxSize: 50, maxExpand: 1000 };
const MANNERS = { colorIsTextColor: true, throwOnError: true, errorColor: DISTRUST };

// --- What MathJax knows and KaTeX doesn't, as macros: unlike a rewritten text they keep the offsets of errors.

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

// --- KaTeX's messages in our words. tests/math/errors.txt has one formula for each.

const OUR_WORDS = [
  [/^Undefined control sequence: (.+)$/, "unknown command `$1`"],
  [/^No such environment: $/, "an environment's name was expected"],
  [/^No such environment: (.+)$/, "unknown environment `$1`"],
  [/^Unexpected end of input in a macro argument, expected '(.+)'$/, "the formula ends where `$1` was expected"],
  [/^Expected '(.+)', got 'EOF'$/, "the formula ends where `$1` was expected"],
  [/^Unexpected end of input in .+$/, "the formula ends where an argument was expected"],
  [/^Unexpected character: '([^]+)'.*$/, "`$1` can't stand in a formula"],
  [/^Expected & or \\\\ or \\cr or \\end$/, "the environment has no `\\end`"],
  [/^Expected \\\\ or \\cr or \\end$/, "the environment has no `\\end`"],
  [/^Expected 'EOF', got '(.+)'$/, "`$1` is out of place"],
  [/^Extra \}$/, "`}` is out of place"],
  [/^Can't use function '(.+)' in (math|text) mode$/, "`$1` does not work in $2"],
  [/^Expected '(.+)', got '(.+)'$/, "expected `$1`, found `$2`"],
  [/^Expected group as argument to '(.+)'$/, "`$1` has no argument"],
  [/^Expected group after '(.+)'$/, "`$1` has no argument"],
  [/^Expected group as (.+)$/, "the $1 is missing"],
  [/^Got function '(.+)' with no arguments as (?:argument to '(.+)'|(.+))$/, "`$1` can't be a $2$3 without braces"],
  [/^Got group of unknown type: '(.+)'$/, "KaTeX can't draw a `$1` here"],
  [/^Mismatch: \\begin\{(.+)\} matched by \\end\{(.+)\}$/, "`\\begin{$1}` is closed by `\\end{$2}`"],
  [/^Mismatched (.+)$/, "`$1` closes nothing"],
  [/^Invalid environment name$/, "an environment's name was expected"],
  [/^Environment name should contain only text characters and spaces$/, "an environment's name was expected"],
  [/^Unknown column alignment: (.+)$/, "expected the columns, such as `{lcr}`, found `$1`"],
  [/^Expected l or c or r$/, "expected the alignment `l`, `c` or `r`"],
  [/^Invalid separator type: (.+)$/, "unknown line between columns `$1`"],
  [/^\{subarray\} can contain only one column$/, "`subarray` has one column only"],
  [/^Too many tab characters: &$/, "too many `&` in a row"],
  [/^Too many math in a row: .*$/, "a row has more equations than its environment announces"],
  [/^Number of columns should be a positive integer$/i, "the number of equations in a row was expected"],
  [/^Expected node of size group type.*$/, "expected a length"],
  [/^Expected node of symbol group type, but got node of type (.+)$/, "expected a single sign, found something else"],
  [/^Too many expansions.*$/, "a macro calls itself, or macros unfold into too much"],
  [/^Multiple \\tag$/, "more than one `\\tag`"],
  [/^\{(.+)\} can be used only in display mode\.?$/, "`$1` works in displayed formulas only"],
  [/^\\tag works only in display equations$/, "`\\tag` works in displayed formulas only"],
  [/^(\\\S+) without preceding (\\\S+)$/, "`$1` has no `$2` before it"],
  [/^(\\\S+) valid only within array environment$/, "`$1` works between the rows of an environment only"],
  [/^Limit controls must follow a math operator$/, "`\\limits` must stand behind an operator, such as `\\sum`"],
  [/^only one infix operator per group$/, "more than one `\\over`, `\\choose` or `\\atop` in a group"],
  [/^Double superscript$/, "double superscript"],
  [/^Double subscript$/, "double subscript"],
  [/^Invalid delimiter '(.+)' after '(.+)'$/, "`$2` can't have `$1` as its delimiter"],
  [/^Invalid delimiter type '.+'$/, "a delimiter was expected, such as `(`"],
  [/^Illegal delimiter: '(.+)'$/, "`$1` can't be a delimiter"],
  [/^Invalid colou?r: '(.*)'$/, "unknown colour `$1`"],
  [/^Invalid .+ in \\includegraphics\.?$/, "`\\includegraphics` is not allowed in a formula"],
  [/^Invalid size: 'EOF'$/, "a length was expected"],
  [/^Invalid size: '(.*)'$/, "`$1` is no length"],
  [/^Invalid unit: '(.*)'$/, "unknown unit `$1`"],
  [/^Invalid url: '(.*)'$/, "`$1` is no address"],
  [/^Accent (.+) unsupported in (.+) mode$/, "the accent `$1` does not work in $2"],
  [/^Unknown accent ' ?(.+)'$/, "unknown accent `$1`"],
  [/^\\char` missing argument$/, "`\\char` has no number"],
  [/^Invalid base-(\d+) digit (.+)$/, "`\\char` has no number"],
  [/^\\@char has non-numeric argument .*$/, "`\\char` has no number"],
  [/^\\@char with invalid code point (.+)$/, "`\\char` has no character number $1"],
  [/^Not a character's number$/, "`\\unicode` has no character's number"],
  [/^Unknown notation of \\enclose: (.+)$/, "`\\enclose` has no notation `$1` here"],
  [/^\\newcommand's first argument must be a macro name$/, "`\\newcommand` needs one command to define"],
  [/^Invalid number of arguments: (.*)$/, "`$1` is no number of arguments"],
  [/^Invalid argument number "(.+)"$/, "an argument is `#1` to `#9`, not `#$1`"],
  [/^Argument number "(.+)" out of order$/, "the arguments must be `#1`, `#2` … in order, found `#$1`"],
  [/^Not a valid argument number$/, "a macro uses an argument that isn't `#1` to `#9`"],
  [/^Incomplete placeholder at end of macro body$/, "a macro ends with a lone `#`"],
  [/^Expected a control sequence$/, "expected a command to define, such as `\\foo`"],
  [/^Expected a macro definition$/, "the definition has no meaning in braces"],
  [/^Invalid token after macro prefix$/, "`\\global` must stand before a definition"],
  [/^Use of the macro doesn't match its definition$/, "a macro is used in another way than its definition says"],
  [/^Expected one of "<>AV=\|\." after @$/, "expected one of `<>AV=|.` behind `@`"],
  [/^Missing a (.+) character to complete a CD arrow\.$/, "the arrow of `CD` needs another `$1`"],
  [/^\\verb ended by end of line instead of matching delimiter$/, "`\\verb` is not closed in its line"],
  [/^\\htmlData key\/value '(.*)' missing equals sign$/, "`\\htmlData` is not allowed in a formula"],
  [/^Unknown type of space "(.+)"$/, "unknown space `$1`"],
  [/^Invalid \\arraystretch: (.+)$/, "`\\arraystretch` is `$1`, expected a number"],
  [/^Unknown group type as (.+)$/, "KaTeX can't read the $1"],
  [/^mhchem bug.*$/, "mhchem can't read this"],
  [/^(?:mhchem Error\. )?(.*mhchem.*|Extra close brace.*|Extra open brace.*)$/, "mhchem can't read this"],
  [/^Maximum call stack size exceeded$/, "the formula is nested too deeply"],
  [/^LaTeX-incompatible input and strict mode is set to 'error': (.+)$/, "$1"],
];
const STRICT_WORDS = {
  unicodeTextInMathMode: "`$1` is text, and stands in maths without `\\text`",
  unknownSymbol: "KaTeX has no measures for `$1`",
  commentAtEnd: "the `%` comments out the end of the formula",
  mathVsTextUnits: "this command takes another kind of unit",
  mathVsTextAccents: "this accent is one of text",
  newLineInDisplayMode: "`\\\\` does nothing in a displayed formula",
  textEnv: "too few columns for the `&` in this row",
  htmlExtension: "HTML in a formula",
};

function inOurWords(message) {
  for (const [theirs, ours] of OUR_WORDS) {
    if (theirs.test(message)) return strictWords(message.replace(theirs, ours).replace(/\$\d/g, ""));
  }
  const quoted = message.includes("'") ? message.replace(/'([^']+)'/g, "`$1`") : message.replace(/\\\w+/g, "`$&`");
  const bare = quoted.replace(/[.\s]+$/, "");
  return /^[A-Z][a-z]/.test(bare) ? bare[0].toLowerCase() + bare.slice(1) : bare;
}

function strictWords(message) {
  const [, text, code] = /^([^]*) \[([A-Za-z]+)\]$/.exec(message) ?? [];
  if (!code) return message;
  const named = /"([^"]+)"/.exec(text)?.[1] ?? "";
  return (STRICT_WORDS[code] ?? text).replace("$1", () => named);
}

// An error in a macro's meaning carries an offset in that meaning, not in the formula. KaTeX's message shows the text
// around the place (underlined by combining characters), which tells the two apart.
function isPlacedIn({ message, position, length }, tex) {
  const end = position + length;
  const before = (position > 15 ? "…" : "") + tex.slice(Math.max(0, position - 15), position);
  const after = tex.slice(end, end + 15) + (end + 15 < tex.length ? "…" : "");
  const bare = (text) => text.replace(/\u0332/g, "");
  return bare(message).endsWith(bare(before + tex.slice(position, end) + after));
}

// Some of KaTeX's errors have no place; then it is that of the command which the message names.
function place(thrown, message, tex) {
  if (Number.isInteger(thrown.position) && isPlacedIn(thrown, tex)) return token(thrown.position, thrown.length, tex);
  const name = /`(\\?[A-Za-z]+)`/.exec(message)?.[1];
  const named = name && [...tex.matchAll(new RegExp(`${name.replace("\\", "\\\\")}(?![A-Za-z])`, "g"))];
  const found = named?.at(message.startsWith("more than one") ? 1 : 0) ?? nearby(message).exec(tex);
  return found ? [found.index, found[0].length] : [-1, 1];
}

function nearby(message) {
  if (message.startsWith("mhchem")) return /\\(?:ce|pu|cf)(?![A-Za-z])/;
  return /argument|definition|macro ends/.test(message) ? DEFINES : /(?!)/;
}

// A token without the blanks behind it, an argument without its braces.
function token(position, length, tex) {
  const text = tex.slice(position, position + length).trimEnd();
  return /^\{[^{}]+\}$/.test(text) ? [position + 1, text.length - 2] : [position, text.length];
}

function fault(thrown, tex) {
  // QuickJS reports that memory has run out with null: then no more can be done here.
  if (thrown === null || /out of memory/.test(thrown.message)) throw new Error("out of memory");
  const message = meant(inOurWords(theirWords(thrown)), tex);
  return ["", message, ...place(thrown, message, tex)];
}

// mhchem throws pairs of a code and a message. Errors of the language itself read differently in every engine.
function theirWords(thrown) {
  if (Array.isArray(thrown)) return `mhchem: ${thrown[1]}`;
  if (thrown instanceof katex.ParseError || thrown instanceof RangeError) return thrown.rawMessage ?? thrown.message;
  return thrown instanceof TypeError ? "Not a valid argument number" : String(thrown.message ?? thrown);
}

// colorIsTextColor makes \color another name of \textcolor, and messages know only that.
function meant(message, tex) {
  return tex.includes("\\textcolor") ? message : message.replace("\\textcolor", "\\color");
}

function distrust(html, tex) {
  const found = html.includes(DISTRUST) && DISTRUSTED.exec(tex);
  return found ? ["", `\`${found[0]}\` is not allowed in a formula`, found.index, found[0].length] : null;
}

// --- Definitions made earlier in the post and the site's macros: those that a formula uses come with it.

const LATEST = 200;
const known = new Map();

function macrosOf(definitions) {
  if (!definitions.length) return Object.create(null);
  const key = JSON.stringify(definitions);
  const macros = known.get(key) ?? defined(definitions);
  if (known.size >= LATEST) known.clear();
  known.set(key, macros);
  return Object.assign(Object.create(null), macros); // a shared object would carry \gdef to the next formula
}

function defined(definitions) {
  const macros = Object.create(null);
  for (const definition of definitions) {
    try {
      katex.__parse(definition, { ...LIMITS, ...MANNERS, strict: "ignore", globalGroup: true, macros });
    } catch (thrown) {
      if (thrown === null) throw thrown; // out of memory
    }
  }
  delete macros["\\color"]; // set by colorIsTextColor
  return macros;
}

// A formula that only defines macros has nothing to show, not even an empty line.
const EMPTY = /(?:class="katex-html" aria-hidden="true"><\/span>|<\/semantics><\/math>)<\/span>(?:<\/span>)*$/;

function shown(html, tex) {
  const empty = DEFINES.test(tex) && EMPTY.test(html) && /<semantics><mrow><\/mrow>|^(?!.*<semantics>)/.test(html);
  return empty ? "" : html;
}

function typesetOne([tex, displayMode, definitions], output, strictness) {
  const notices = [];
  const strict = (code, text, token) => {
    const notice = strictWords(`${text} [${code}]`);
    if (strictness === "warn") notices.push(["", notice, ...place(wrong("", token), notice, tex)]);
    return strictness === "error" ? "error" : "ignore";
  };
  try {
    const options = { ...LIMITS, ...MANNERS, displayMode, output, strict, macros: macrosOf(definitions) };
    const html = katex.renderToString(tex, options);
    if (notices.length) return [html, ...notices[0].slice(1)];
    return distrust(html, tex) ?? [shown(html, tex)];
  } catch (thrown) {
      return fault(thrown, tex);
  }
}

function typeset(request) {
  const { formulas, output, strict } = JSON.parse(request);
  return JSON.stringify(formulas.map((formula) => typesetOne(formula, output, strict)));
}
