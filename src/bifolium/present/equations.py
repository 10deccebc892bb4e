"""The index of equations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from bifolium import urls
from bifolium.dress import plain_number
from bifolium.model import Equation, EquationsPage, Fragment, mark
from bifolium.present.presenter import Presenter
from bifolium.views import CitationView, EquationsView, EquationView, NumberedView, NumberView


def equations_view(presenter: Presenter, page: EquationsPage) -> EquationsView:
    """Return the view of the index."""
    texts = tuple(_numbered(presenter, page))
    return EquationsView("equations", *presenter.heads(page.url, ""), math=True, texts=texts, trail=presenter.trail())


def _numbered(presenter: Presenter, page: EquationsPage) -> Iterator[NumberedView]:
    """Yield the labelled equations of each text."""
    for path, of_text in groupby(page.equations, key=lambda it: it.path):
        found = [(number, list(labels)) for number, labels in groupby(of_text, key=lambda it: it.formula)]
        first = found[0][1][0]
        language = presenter.material.resolutions[path].language
        equations = tuple(_equation(presenter, labels) for _, labels in found)
        yield NumberedView(presenter.at(first.url), presenter.title(first.title, first.math), language, equations)


def _equation(presenter: Presenter, labels: Sequence[Equation]) -> EquationView:
    """Return a formula with all its labels."""
    first = labels[0]
    content = presenter.material.bodies[first.path].content
    formula = content.formulas[first.formula]._replace(anchors=(), rows=())
    shown = Fragment(mark("F", 0), formulas=(formula,), definitions=content.definitions)
    numbers = (
        NumberView(
            it.name,
            plain_number(it.number),
            presenter.at(first.url + urls.fragment(it.anchor)),
            tuple(
                CitationView(presenter.at(by.url), presenter.title(by.title, by.math), by.language)
                for by in it.cited_by
            ),
        )
        for it in labels
    )
    return EquationView(presenter.text(first.path, shown, first.url), tuple(numbers))
