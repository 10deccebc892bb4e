"use strict";
// Between bifolium and KaTeX: formulas in, HTML or a message in our words out, as JSON both ways.
// A formula gets [html], or ["", message, offset in UTF-16 units or -1].

// What MathJax knows and KaTeX doesn't, as macros: unlike a rewritten text they keep the offsets of errors.
const swallow = (context) => (context.consumeArgs(1), "");
const dialect = {
  "\\mbox": "\\text{#1}",
  "\\hfill": "",
  "\\label": swallow,
  "\\require": swallow,
};
for (const [name, meaning] of Object.entries(dialect)) katex.__defineMacro(name, meaning);

// KaTeX draws a command that it doesn't trust as red text: no error, and what it held is lost. So its red is a sign.
const DISTRUST = "#badbad";
const DISTRUSTED = /\\(?:href|url|includegraphics|html(?:Class|Id|Style|Data))(?![A-Za-z])/;

const LIMITS = { trust: false, maxSize: 50, maxExpand: 1000 };
const MANNERS = { strict: "ignore", colorIsTextColor: true, throwOnError: true, errorColor: DISTRUST };

const OUR_WORDS = [
  [/^Undefined control sequence: (.+)$/, "unknown command `$1`"],
  [/^No such environment: (.+)$/, "unknown environment `$1`"],
  [/^Unexpected end of input in a macro argument, expected '(.+)'$/, "the formula ends where `$1` was expected"],
  [/^Expected '(.+)', got 'EOF'$/, "the formula ends where `$1` was expected"],
  [/^Expected & or \\\\ or \\cr or \\end$/, "the environment has no `\\end`"],
  [/^Expected 'EOF', got '(.+)'$/, "`$1` is out of place"],
  [/^Can't use function '(.+)' in (math|text) mode$/, "`$1` does not work in $2"],
  [/^Expected '(.+)', got '(.+)'$/, "expected `$1`, found `$2`"],
  [/^Expected group (?:after|as argument to) '(.+)'$/, "`$1` has no argument"],
  [/^Got (?:function|group) '(.+)' with no arguments as (.+)$/, "`$1` can't be a $2 without braces"],
  [/^Mismatch: (\\begin\{.+\}) matched by (\\end\{.+\})$/, "`$1` is closed by `$2`"],
  [/^Unknown column alignment: (.+)$/, "expected the columns, such as `{lcr}`, found `$1`"],
  [/^Too many expansions.*$/, "a macro calls itself, or macros unfold into too much"],
  [/^Multiple \\tag$/, "more than one `\\tag`"],
  [/^\{(.+)\} can be used only in display mode\.?$/, "`$1` works in displayed formulas only"],
  [/^\\tag works only in display equations$/, "`\\tag` works in displayed formulas only"],
  [/^(\\\S+) without preceding (\\\S+)$/, "`$1` has no `$2` before it"],
  [/^\\newcommand\{(.+)\} attempting to redefine .+$/, "`\\newcommand` can't redefine `$1`"],
  [/^\\renewcommand\{(.+)\} when command .+$/, "`\\renewcommand` finds no `$1` to redefine"],
  [/^mhchem bug.*$/, "mhchem can't read this"],
  [/^mhchem Error\. (.+?)\.?$/, "mhchem: $1"],
  [/^Maximum call stack size exceeded$/, "the formula is nested too deeply"],
];

function inOurWords(message) {
  for (const [theirs, ours] of OUR_WORDS) if (theirs.test(message)) return message.replace(theirs, ours);
  const quoted = message.includes("'") ? message.replace(/'([^']+)'/g, "`$1`") : message.replace(/\\\w+/g, "`$&`");
  const plain = quoted.replace(/[.\s]+$/, "");
  return /^[A-Z][a-z]/.test(plain) ? plain[0].toLowerCase() + plain.slice(1) : plain;
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

function offset(thrown, message, tex) {
  if (Number.isInteger(thrown.position) && isPlacedIn(thrown, tex)) return thrown.position;
  const named = /`(\\[A-Za-z]+)`/.exec(message);
  return named ? tex.indexOf(named[1]) : -1;
}

function fault(thrown, tex) {
  // QuickJS reports that memory has run out with null: then no more can be done here.
  if (thrown === null || /out of memory/.test(thrown.message)) throw new Error("out of memory");
  // mhchem throws pairs of a code and a message.
  const message = inOurWords(String(thrown.rawMessage ?? thrown.message ?? thrown[1] ?? thrown));
  return ["", message, offset(thrown, message, tex)];
}

function distrust(html, tex) {
  const found = html.includes(DISTRUST) && DISTRUSTED.exec(tex);
  return found ? ["", `\`${found[0]}\` is not allowed in a formula`, found.index] : null;
}

function typesetOne(tex, displayMode, output, macros) {
  const fresh = Object.assign(Object.create(null), macros); // a shared object would carry \gdef to the next formula
  try {
    const html = katex.renderToString(tex, { ...LIMITS, ...MANNERS, displayMode, output, macros: fresh });
    return distrust(html, tex) ?? [html];
  } catch (thrown) {
    return fault(thrown, tex);
  }
}

function typeset(request) {
  const { formulas, output, macros } = JSON.parse(request);
  return JSON.stringify(formulas.map(([tex, display]) => typesetOne(tex, display, output, macros)));
}
