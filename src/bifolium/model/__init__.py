"""The values that the phases hand to one another. No behaviour, no disk, no clock.

A Post is split into its Card (all that other posts may know about it) and its text, so editing a text
leaves the Plan as it was. A Body is made from the text alone; what it needs from the rest of the site
(links, pictures) and from slow engines (formulas, code) stands in it as numbered markers.
"""

from __future__ import annotations

from bifolium.model.bodies import (
    Body,
    Cite,
    Formula,
    Fragment,
    Heading,
    Highlighted,
    Image,
    Label,
    Link,
    Listing,
    Ref,
    Slip,
    Typeset,
    mark,
)
from bifolium.model.cards import (
    Card,
    Post,
    Stamp,
    Tree,
)
from bifolium.model.pages import (
    Citation,
    Entry,
    Equation,
    EquationsPage,
    FeedLink,
    FeedPage,
    HeadersPage,
    LaidOutPage,
    ListPage,
    NotFoundPage,
    Page,
    Pager,
    Place,
    PostPage,
    RedirectPage,
    RobotsPage,
    SeriesPart,
    SitemapPage,
    Term,
    TermsPage,
)

__all__ = [
    "Body",
    "Card",
    "Citation",
    "Cite",
    "Entry",
    "Equation",
    "EquationsPage",
    "FeedLink",
    "FeedPage",
    "Formula",
    "Fragment",
    "HeadersPage",
    "Heading",
    "Highlighted",
    "Image",
    "Label",
    "LaidOutPage",
    "Link",
    "ListPage",
    "Listing",
    "NotFoundPage",
    "Page",
    "Pager",
    "Place",
    "Post",
    "PostPage",
    "RedirectPage",
    "Ref",
    "RobotsPage",
    "SeriesPart",
    "SitemapPage",
    "Slip",
    "Stamp",
    "Term",
    "TermsPage",
    "Tree",
    "Typeset",
    "mark",
]
