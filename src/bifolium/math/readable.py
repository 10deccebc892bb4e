r"""TeX as readable plain text, for titles in browser tabs, feeds and alternative texts: `$\alpha^2$` is α².

An approximation for short formulas. What has no likeness in Unicode keeps its TeX; nothing is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

_GREEK = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho tau upsilon phi chi psi omega
"""
_SIGNS = """
infty∞ partial∂ nabla∇ forall∀ exists∃ nexists∄ in∈ notin∉ ni∋ subset⊂ subseteq⊆ supset⊃ supseteq⊇ cup∪ cap∩ emptyset∅
varnothing∅ setminus∖ le≤ leq≤ ge≥ geq≥ ne≠ neq≠ ll≪ gg≫ approx≈ sim∼ simeq≃ cong≅ equiv≡ propto∝ pm± mp∓ times× div÷
cdot· ast∗ star⋆ circ∘ bullet• oplus⊕ otimes⊗ wedge∧ land∧ vee∨ lor∨ neg¬ lnot¬ to→ rightarrow→ leftarrow← gets←
leftrightarrow↔ Rightarrow⇒ Leftarrow⇐ Leftrightarrow⇔ implies⟹ iff⟺ mapsto↦ uparrow↑ downarrow↓ longrightarrow⟶ sum∑
prod∏ int∫ iint∬ oint∮ ldots… cdots⋯ dots… vdots⋮ angle∠ perp⊥ parallel∥ mid| ell ℓ hbar ℏ Re ℜ Im ℑ aleph ℵ prime′
langle⟨ rangle⟩ lfloor⌊ rfloor⌋ lceil⌈ rceil⌉ lvert| rvert| lVert‖ rVert‖ vert| Vert‖ colon: varepsilon ε varphi φ
vartheta ϑ varsigma ς sigma σ Sigma Σ dagger† top⊤ bot⊥ models⊨ vdash⊢ therefore∴ because∵ square□ triangle△ degree°
"""
_FUNCTIONS = frozenset(
    "arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup ln log max "
    "min mod Pr sec sin sinh sup tan tanh".split()
)
_INVISIBLE = frozenset(
    "left right big Big bigg Bigg bigl bigr Bigl Bigr displaystyle textstyle limits nolimits".split()
)
_WRAPPERS = frozenset(
    "text textrm textbf textit mathrm mathit mathsf mathtt operatorname mbox boldsymbol bm mathbf mathop".split()
)
_ALPHABETS: Final = {"mathbb": "DOUBLE-STRUCK", "mathcal": "SCRIPT", "mathscr": "SCRIPT", "mathfrak": "BLACK-LETTER"}
_ACCENTS: Final = {
    "hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "overline": "\u0304", "tilde": "\u0303",
    "widetilde": "\u0303", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308", "underline": "\u0332",
}  # fmt: skip
_SPACES: Final = {",": " ", ";": " ", ":": " ", " ": " ", "!": "", "quad": " ", "qquad": " ", "\\": " "}
_RAISED: Final = dict(zip("0123456789+-=()ni′Tabkmtx", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ′ᵀᵃᵇᵏᵐᵗˣ", strict=True))
_LOWERED: Final = dict(zip("0123456789+-=()aeijkmnoprstux", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑᵢⱼₖₘₙₒₚᵣₛₜᵤₓ", strict=True))
_TOKEN = re.compile(r"\\([A-Za-z]+\s*|.)|.", re.DOTALL)


def _symbols() -> dict[str, str]:
    found = dict(re.findall(r"([A-Za-z]+) ?(\S)", _SIGNS))
    for name in _GREEK.split():
        found[name] = unicodedata.lookup(f"GREEK SMALL LETTER {'LAMDA' if name == 'lambda' else name.upper()}")
        capital = name.capitalize()
        found[capital] = unicodedata.lookup(f"GREEK CAPITAL LETTER {'LAMDA' if name == 'lambda' else name.upper()}")
    return found


_SYMBOLS: Final = _symbols()


def readable(tex: str) -> str:
    """Return `tex` as one line of plain text, in the form that the web wants (NFC)."""
    reader = _Reader(tex)
    return unicodedata.normalize("NFC", " ".join(reader.all().split()))


class _Reader:
    """Reads a formula from left to right; whatever it doesn't know it copies."""

    def __init__(self, tex: str) -> None:
        self._tokens = [((found[1] or "").rstrip() or found[1], found[0]) for found in _TOKEN.finditer(tex)]
        self._at = 0

    def all(self) -> str:
        """Return everything that is left."""
        parts: list[str] = []
        while self._at < len(self._tokens):
            if self._tokens[self._at][0] in _FUNCTIONS and parts and parts[-1][-1:].isalnum():
                parts.append(" ")
            parts.append(self._one())
        return "".join(parts)

    def _one(self) -> str:
        """Return the next token, its argument included."""
        command, written = self._tokens[self._at]
        self._at += 1
        if command:
            return self._command(command, written)
        if written in "^_":
            table: Mapping[str, str] = _RAISED if written == "^" else _LOWERED
            return _shifted(written, self._argument(), table)
        if written == "{":
            self._at -= 1
            return self._argument()
        return {"-": "−", "~": " ", "}": "", "&": " ", "'": "′"}.get(written, written)

    def _command(self, name: str, written: str) -> str:
        if name in _SYMBOLS:
            wide = written[-1:].isspace() and (self._is_sign(name) or self._is_sign(self._next()))
            return _SYMBOLS[name] + (" " if wide else "")
        if name in _FUNCTIONS:
            return name + (" " if self._follows_letter() else "")
        if name in _SPACES or name in _INVISIBLE:
            return _SPACES.get(name, "")
        if name in _WRAPPERS:
            return self._argument()
        if name in _ALPHABETS:
            return "".join(_styled(char, _ALPHABETS[name]) for char in self._argument())
        if name in _ACCENTS:
            return "".join(char + _ACCENTS[name] if char != " " else char for char in self._argument())
        if name in {"frac", "dfrac", "tfrac"}:
            return f"{_grouped(self._argument())}/{_grouped(self._argument())}"
        if name == "sqrt":
            return f"√{_grouped(self._argument())}"
        return name if len(name) == 1 and not name.isalpha() else written + self._copied()

    def _copied(self) -> str:
        """Return the groups that come next as they are written: arguments of an unknown command."""
        begun, depth = self._at, 0
        while self._at < len(self._tokens) and (depth or self._tokens[self._at][1] == "{"):
            depth += {"{": 1, "}": -1}.get(self._tokens[self._at][1], 0)
            self._at += 1
        return "".join(written for _, written in self._tokens[begun : self._at])

    def _next(self) -> str:
        return (self._tokens[self._at][0] or "") if self._at < len(self._tokens) else ""

    @staticmethod
    def _is_sign(name: str) -> bool:
        """Tell whether a symbol is one between others, as `→` is, so that blanks around it are wanted."""
        return unicodedata.category(_SYMBOLS.get(name, " ")) == "Sm"

    def _follows_letter(self) -> bool:
        following = self._tokens[self._at][1] if self._at < len(self._tokens) else ""
        return following[:1].isalnum() or following[:1] == "\\"

    def _argument(self) -> str:
        """Return the group in braces or the single token that comes next."""
        while self._at < len(self._tokens) and self._tokens[self._at][1].isspace():
            self._at += 1
        if self._at >= len(self._tokens):
            return ""
        if self._tokens[self._at][1] != "{":
            return self._one()
        self._at += 1
        parts = []
        while self._at < len(self._tokens) and self._tokens[self._at][1] != "}":
            parts.append(self._one())
        self._at += 1
        return "".join(parts)


def _shifted(sign: str, text: str, table: Mapping[str, str]) -> str:
    bare = text.replace("−", "-")
    if bare and all(char in table for char in bare):
        return "".join(table[char] for char in bare)
    return f"{sign}{_grouped(text)}"


def _grouped(text: str) -> str:
    return text if len(text) == 1 or text.isalnum() else f"({text})"


def _styled(char: str, style: str) -> str:
    """Return a letter in one of the mathematical alphabets, as Unicode names it."""
    if not (char.isascii() and char.isalnum()):
        return char
    case = "DIGIT" if char.isdigit() else "CAPITAL" if char.isupper() else "SMALL"
    letter = unicodedata.name(char).rsplit(" ", 1)[-1]
    kind = {"BLACK-LETTER": "FRAKTUR"}.get(style, style)
    for name in (f"MATHEMATICAL {kind} {case} {letter}", f"{style} {case} {letter}"):
        try:
            return unicodedata.lookup(name)
        except KeyError:
            continue
    return char
