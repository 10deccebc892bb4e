r"""Say how to mend a formula, from the engine's message and the TeX: what to type instead, or what to look for."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from difflib import SequenceMatcher

from bifolium.problems import nearest

INSTEAD = {
    r"\overwithdelims": r"use `\genfrac{(}{)}{}{}{a}{b}`",
    r"\atopwithdelims": r"use `\genfrac{(}{)}{0pt}{}{a}{b}`",
    r"\abovewithdelims": r"use `\genfrac{(}{)}{1pt}{}{a}{b}`",
    r"\eqalignno": r"use `\begin{align} … \tag{1} \end{align}`",
    r"\leqalignno": r"use `\begin{align} … \tag{1} \end{align}`",
    r"\definecolor": r"name the colour by its number where it is used, as `\color{#c00}`",
    r"\class": "a formula can't hold classes, ids or styles",
    r"\cssId": "a formula can't hold classes, ids or styles",
    r"\style": r"a formula can't hold styles; for a colour use `\color`",
    r"\mathtip": "put the remark into the text",
    r"\texttip": "put the remark into the text",
    r"\toggle": "write both, one after the other",
    r"\multicolumn": "KaTeX has no cells over several columns: take the table out of the formula",
    r"\cline": r"use `\hline`, which goes over all columns",
    r"\intertext": r"give the text a row of its own, `&\text{…} \\`, or end the formula before it",
    r"\linebreak": r"break the line with `\\`",
    r"\noindent": "remove it: it does nothing in a formula",
    r"\centering": "remove it: it does nothing in a formula",
    r"\SI": r"use mhchem's units, as in `\pu{3 m s-1}`",
    r"\si": r"use mhchem's units, as in `\pu{m s-1}`",
    r"\num": r"write the number, or `\pu{1.2e3}`",
    r"\unit": r"use mhchem's units, as in `\pu{m s-1}`",
    r"\ang": r"write `30^\circ`",
    r"\tikz": r"formulas can't hold TikZ: make a picture, or use `\begin{CD}` for a diagram",
    r"\xymatrix": r"use `\begin{CD}` for a diagram",
    r"\textcolor*": r"use `\textcolor`",
    r"\bfseries": r"use `\mathbf{…}` or `\textbf{…}`",
    r"\dv": r"use `\frac{d f}{d x}`, or define it in the macro file",
    r"\pdv": r"use `\frac{\partial f}{\partial x}`, or define it in the macro file",
    r"\dd": r"use `\mathrm{d}`, or define it in the macro file",
    r"\qty": r"use `\left( … \right)`, or define it in the macro file",
    r"\abs": r"use `\lvert … \rvert`",
    r"\norm": r"use `\lVert … \rVert`",
    r"\textsc": r"use `\text`",
    r"\footnote": "put the footnote behind the formula",
    r"\ref": r"`\ref` doesn't work inside a formula: write it in the text",
    r"\eqref": r"`\eqref` doesn't work inside a formula: write it in the text",
    r"\cite": r"write it in the text, outside of the formula",
    r"\textbackslash": r"use `\backslash`",
    r"\newenvironment": r"KaTeX has no own environments: define a macro with `\newcommand`",
    r"\DeclareMathOperator": r"use `\operatorname{…}`",
    r"\bigskip": "end the formula and begin another one",
    r"\par": r"end the formula, or break the line with `\\`",
    r"\hspace*": r"use `\hspace`",
    r"\vspace": r"give the row break its space: `\\[1em]`",
    "tabular": r"use `\begin{array}{lcr}`",
    "tikzpicture": r"formulas can't hold TikZ: make a picture, or use `\begin{CD}` for a diagram",
    "tikzcd": r"use `\begin{CD}`",
    "math": "remove it: the formula is maths already",
    "displaymath": "remove it and make the formula a displayed one",
    "itemize": "make the list outside of the formula",
    "enumerate": "make the list outside of the formula",
    "subequations": r"remove it, and use `\tag{…}` for the numbers",
    "dmath": r"use `\begin{aligned}`",
    "numcases": r"use `\begin{cases}`, and `\tag` for the numbers",
    "subnumcases": r"use `\begin{cases}`, and `\tag` for the numbers",
    "empheq": r"use `\boxed{\begin{aligned} … \end{aligned}}`",
    "cases*": r"use `\begin{cases}` with `\text{…}`",
    "psmallmatrix": r"use `\left(\begin{smallmatrix}…\end{smallmatrix}\right)`",
    "bsmallmatrix": r"use `\left[\begin{smallmatrix}…\end{smallmatrix}\right]`",
}
OUT_OF_PLACE = {
    "&": r"columns need an environment, such as `\begin{aligned}`; the sign itself is `\&`",
    "}": r"it closes nothing: remove it, or type `\}` for the sign",
    "_": r"in text the sign is `\_`",
    "^": r"in text the sign is `\^{}`",
    "#": r"the sign itself is `\#`",
    r"\right": r"it has no `\left`; `\left.` draws nothing",
    r"\end": r"it has no `\begin`",
    r"\endgroup": r"it has no `\begingroup`",
    r"\\": "a row can't end inside of a group or an argument",
}
ENDS_EARLY = {
    r"\right": r"every `\left` needs its `\right`; `\right.` draws nothing",
    "]": r"an optional argument, as in `\sqrt[3]{x}`, is open",
    "$": r"a `$` in `\text{…}` begins a formula; the sign itself is `\$`",
    r"\endgroup": r"every `\begingroup` needs its `\endgroup`",
}
SURE = 0.7  # names of commands are short, and among a thousand some other is always a little alike
Rule = tuple[re.Pattern[str], Callable[[re.Match[str], str, Collection[str]], str]]


def hint(error: str, tex: str, vocabulary: Collection[str] = ()) -> str:
    r"""Return how to mend `tex`, of which the engine said `error`, or nothing if we don't know.

    `vocabulary` holds the commands (`\frac`) and environments (`matrix`) that exist, site macros included.
    """
    for pattern, advice in RULES:
        if found := pattern.match(error):
            return advice(found, tex, vocabulary)
    return ""


def unknown_command(found: re.Match[str], tex: str, vocabulary: Collection[str]) -> str:
    r"""Return what is close to an unknown command; `\cdotx` is close to `\cdot x`."""
    name = found[1]
    if name in INSTEAD:
        return INSTEAD[name]
    if name in vocabulary:
        in_text = re.search(rf"\\(?:text\w*|mbox|tag)\*?\s*\{{[^{{}}]*{re.escape(name)}(?![A-Za-z])", tex)
        return f"in text write `${name}$`" if in_text else f"it works in text only: `\\text{{{name}}}`"
    match = closest(name.lstrip("\\"), (word[1:] for word in vocabulary if word.startswith("\\")))
    if not match:
        return ""
    rest = name.lstrip("\\").removeprefix(match)
    glued = len(rest) < len(name) - 1 and not match.endswith(rest[:1] or match)
    return f"did you mean `\\{match} {rest}`?" if glued else f"did you mean `\\{match}`?"


def unknown_environment(found: re.Match[str], _tex: str, vocabulary: Collection[str]) -> str:
    """Return what can stand for an unknown environment."""
    name = found[1]
    if name in INSTEAD:
        return INSTEAD[name]
    match = closest(name, (word for word in vocabulary if not word.startswith("\\")))
    return f"did you mean `{match}`?" if match else ""


def closest(name: str, known: Iterable[str]) -> str | None:
    r"""Return the known name that `name` is a slip of; in TeX case matters: `\Rightarow` isn't `\rightarrow`."""
    names = sorted(known)
    match = nearest(name, [word for word in names if word[:1].isupper() == name[:1].isupper()]) or nearest(name, names)
    return match if match and SequenceMatcher(None, name, match).ratio() > SURE else None


def ends_early(found: re.Match[str], tex: str, _vocabulary: Collection[str]) -> str:
    """Return where the group opened that the end of the formula leaves open, or which command wants more."""
    expected = found[1]
    if re.search(r"(?<!\\)%", tex):
        return r"`%` begins a comment, which hides the rest of the line; the sign itself is `\%`"
    if expected in ENDS_EARLY:
        return ENDS_EARLY[expected]
    opened = unclosed_brace(tex)
    if opened >= 0:
        return f"the brace that opens at `{beginning(tex[opened:])}` is never closed"
    commands = re.findall(r"\\[A-Za-z]+", tex)
    return f"`{commands[-1]}` needs one more argument in braces" if commands else ""


def closed_otherwise(found: re.Match[str], tex: str, _vocabulary: Collection[str]) -> str:
    r"""Return how to close an environment; a macro that lacks an argument takes the `\end` for it."""
    taken = re.findall(r"(\\[A-Za-z]+)\s*(?:\{[^{}]*\}\s*)*\\end\s*\{", tex)
    if taken and f"{{{found[2]}}}" not in tex:
        return f"`{taken[-1]}` needs one more argument in braces: it has taken the `\\end` for it"
    return f"close it with `\\end{{{found[1]}}}`"


def unclosed_brace(tex: str) -> int:
    r"""Return the offset of the last `{` that nothing closes, or −1; `\{` and comments don't count."""
    opened: list[int] = []
    for token in re.finditer(r"\\.|%[^\n]*|[{}]", tex, re.DOTALL):
        if token[0] == "{":
            opened.append(token.start())
        elif token[0] == "}" and opened:
            opened.pop()
    return opened[-1] if opened else -1


def beginning(tex: str) -> str:
    """Return the first characters of `tex`, in one line."""
    flat = " ".join(tex.split())
    return flat if len(flat) <= 24 else flat[:23] + "…"


def always(text: str) -> Callable[[re.Match[str], str, Collection[str]], str]:
    """Return advice that is the same for every formula; `{1}` stands for what the error quotes."""
    return lambda found, _tex, _vocabulary: text.replace("{1}", (found.re.groups and found[1]) or "")


RULES: tuple[Rule, ...] = (
    (
        re.compile(r"`\\enclose` has no notation"),
        always(r"it has `box`, `updiagonalstrike`, `horizontalstrike`, `top` and the like; or use `\boxed{…}`"),
    ),
    (re.compile(r"`\\unicode` has no"), always(r"write it as `\unicode{x2713}`, or type the character itself")),
    (re.compile(r"unknown command `(.+)`"), unknown_command),
    (re.compile(r"unknown environment `(.+)`"), unknown_environment),
    (re.compile(r"the formula ends where `(.+)` was expected"), ends_early),
    (re.compile(r"`(.+)` is out of place"), lambda found, _tex, _known: OUT_OF_PLACE.get(found[1], "")),
    (re.compile(r"`(\$|\\\()` does not work in math"), always("remove it: the formula is maths already")),
    (re.compile(r"double (superscript|subscript)"), always("group with braces what belongs together: `{x^a}^b`")),
    (re.compile(r"`(.+)` can't be a .+ without braces"), always("put braces around it: `{{1}}`")),
    (re.compile(r"`(.+)` has no argument"), always("put its argument in braces behind it: `{1}{…}`")),
    (re.compile(r"the environment has no `\\end`"), always(r"every `\begin{…}` needs its `\end{…}`")),
    (re.compile(r"`\\begin\{(.+)\}` is closed by `\\end\{(.*)\}`"), closed_otherwise),
    (re.compile(r"expected the columns"), always(r"write `\begin{array}{lcr}`: one letter for each column")),
    (re.compile(r"`(.+)` works in displayed"), always("give the formula a paragraph of its own: `$$…$$`")),
    (
        re.compile(r"`(.+)` is not allowed"),
        always("a formula can't hold links, pictures or HTML: write it in the text"),
    ),
    (re.compile(r"`.+` is longer than"), always("write a shorter length")),
    (re.compile(r"more than one `\\tag`"), always(r"give each row one `\tag` at most")),
    (re.compile(r"the formula has [\d,]+ characters"), always("split it into several formulas")),
    (re.compile(r"the formula is nested too deeply"), always("take it apart, or check whether its braces match")),
    (re.compile(r"typesetting takes more than"), always("look for macros that unfold into very much, or split it")),
    (re.compile(r"a macro calls itself"), always("look at the macros that it uses")),
    (
        re.compile(r"not a colour of the model"),
        always("write `[rgb]{1,0,0}`, `[RGB]{255,0,0}`, `[gray]{0.5}` or `{#c00}`"),
    ),
    (re.compile(r"unknown colour"), always("name a colour, such as `red`, or write `#c00`")),
    (re.compile(r"`(.*)` is no length|a length was"), always("write a number with its unit, such as `1em`")),
    (re.compile(r"unknown unit"), always("units are `em`, `ex`, `mu`, `pt`, `mm`, `cm`, `in` …")),
    (
        re.compile(r"`(.+)` can't have `.+` as its|a delimiter was|`.+` can't be a delimiter"),
        always(r"delimiters are `(`, `[`, `\{`, `|`, `\langle`, `\vert` …; `.` draws nothing"),
    ),
    (re.compile(r"`(.+)` works between the rows"), always("remove it, or put it between two rows: `\\\\ {1}`")),
    (re.compile(r"`\\limits` must stand"), always("remove it, or make an operator with `\\mathop{…}`")),
    (re.compile(r"more than one `\\over`"), always("put braces around the inner one, or use `\\frac`")),
    (re.compile(r"`\\middle` has no"), always(r"it works between `\left` and `\right` only; elsewhere use `\big`")),
    (re.compile(r"`(.+)` does not work in text"), always("end the text before it, or write `${1}…$` in it")),
    (re.compile(r"`\\\)` does not work in math"), always("remove it: the formula is maths already")),
    (re.compile(r"`\\\)` closes nothing"), always("remove it")),
    (re.compile(r"too many `&`"), always(r"remove it, or use `\begin{aligned}` or `\begin{array}`")),
    (re.compile(r"a row has more equations"), always("raise the number behind the environment's name")),
    (re.compile(r"the number of equations"), always(r"write it behind the name: `\begin{alignat}{2}`")),
    (re.compile(r"`subarray` has one"), always(r"write `\begin{subarray}{c}`, or use `\substack`")),
    (re.compile(r"expected the alignment"), always(r"write `\begin{matrix*}[r]`")),
    (re.compile(r"an environment's name"), always(r"name it in braces: `\begin{aligned}`")),
    (re.compile(r"`\\char` has no"), always("write the character's number, as in `\\char\"2713`")),
    (re.compile(r"`\\verb` is not closed"), always("begin and end it with the same sign: `\\verb|x|`")),
    (re.compile(r"`\\newcommand` needs|expected a command to define"), always(r"write `\newcommand{\foo}{…}`")),
    (re.compile(r"`.*` is no number of arguments"), always(r"write it as in `\newcommand{\foo}[2]{…}`")),
    (re.compile(r"the definition has no meaning"), always(r"write `\def\foo{…}`")),
    (
        re.compile(r"an argument is|the arguments must be|a macro uses an argument"),
        always("look at `#1`, `#2` … in it"),
    ),
    (
        re.compile(r"a macro is used in another way"),
        always(r"what stands between the arguments of a `\def` must be there"),
    ),
    (re.compile(r"a macro ends with a lone"), always(r"the sign itself is `\#`")),
    (re.compile(r"`\\global` must stand"), always(r"write `\global\def` or `\gdef`")),
    (re.compile(r"`\\arraystretch` is"), always(r"write `\def\arraystretch{1.5}`")),
    (
        re.compile(r"expected one of `<>AV=|the arrow of `CD`"),
        always(r"arrows are `@>>>`, `@<<<`, `@VVV`, `@AAA`, `@=`, `@.`"),
    ),
    (re.compile(r"mhchem can't read"), always("look at its braces and arrows: `\\ce{2H2 + O2 -> 2H2O}`")),
    (re.compile(r"`.+` is text, and stands"), always(r"write it in `\text{…}`")),
    (re.compile(r"the maths engine"), always("try again; if it stays, simplify the formula")),
)
