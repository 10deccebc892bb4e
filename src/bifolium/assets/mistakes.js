"use strict";
// KaTeX's mistakes in our words, each at its place in the formula. tests/math/errors.txt has one formula for each.

const DEFINES = /\\(?:[gex]?def|let|(?:re|provide)?(?:new)?command|DeclareMathOperator)(?![A-Za-z])/;

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
  [/^Unknown colour model: (.*)$/, "not a colour of the model `$1`"],
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
