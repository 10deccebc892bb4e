"""The values that the phases hand to one another. No behaviour, no disk, no clock.

A Post is split into its Card (all that other posts may know about it) and its text, so editing a text
leaves the Plan as it was. A Body is made from the text alone; what it needs from the rest of the site
(links, pictures) and from slow engines (formulas, code) stands in it as numbered markers.
"""

from __future__ import annotations

from bifolium.model.bodies import (
    Body,
    Formula,
    Fragment,
    Heading,
    Highlighted,
    Image,
    Label,
    Link,
    Listing,
    Ref,
    Typeset,
    mark,
)
from bifolium.model.cards import (
    Card,
    Measured,
    Post,
    Stamp,
    Tree,
)
from bifolium.model.pages import (
    Citation,
    Entry,
    Equation,
    EquationsPage,
    FeedPage,
    LaidOutPage,
    ListPage,
    NotFoundPage,
    Page,
    Pager,
    PostPage,
    RedirectPage,
    SeriesPart,
    Term,
    TermsPage,
    TextPage,
)

__all__ = [
    "Body",
    "Card",
    "Citation",
    "Entry",
    "Equation",
    "EquationsPage",
    "FeedPage",
    "Formula",
    "Fragment",
    "Heading",
    "Highlighted",
    "Image",
    "Label",
    "LaidOutPage",
    "Link",
    "ListPage",
    "Listing",
    "Measured",
    "NotFoundPage",
    "Page",
    "Pager",
    "Post",
    "PostPage",
    "RedirectPage",
    "Ref",
    "SeriesPart",
    "Stamp",
    "Term",
    "TermsPage",
    "TextPage",
    "Tree",
    "Typeset",
    "mark",
]
