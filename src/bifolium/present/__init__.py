"""Make the view of a page: its values resolved, its texts dressed, its addresses final."""

from __future__ import annotations

from bifolium.model import EquationsPage, LaidOutPage, ListPage, NotFoundPage, PostPage, RedirectPage, TermsPage
from bifolium.present.equations import equations_view
from bifolium.present.lists import list_view
from bifolium.present.posts import post_view
from bifolium.present.presenter import Material, Presenter, minutes
from bifolium.present.site import site_view
from bifolium.views import PageView, PlainView, TermsView

__all__ = ["Material", "Presenter", "minutes", "site_view", "view"]


def view(presenter: Presenter, page: LaidOutPage) -> PageView:
    """Return what the template of `page` sees."""
    match page:
        case PostPage():
            return post_view(presenter, page)
        case ListPage():
            return list_view(presenter, page)
        case TermsPage(url, kind, terms):
            links = tuple(map(presenter.link, terms))
            return TermsView(kind, *presenter.heads(url, ""), math=False, terms=links, trail=presenter.trail())
        case EquationsPage():
            return equations_view(presenter, page)
        case RedirectPage(target=target):
            heads = presenter.heads(target, target)
            return PlainView("redirect", *heads, math=False, target=presenter.at(target))
        case NotFoundPage(url):
            return PlainView("404", *presenter.heads(url, ""), math=False)
