"""Parts of a page that no callback writes to, as the HTML they come to.

Dash keeps a React component with its state for each element of a tree, which costs the browser most of a page change.
A subtree without anything of Dash's own is sent as one component, whose inside the browser parses at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from dash import dcc
from dash.development.base_component import Component

from dashboard import ids

LIVE = frozenset(value for name, value in vars(ids).items() if name.isupper())
"""Ids that callbacks and scripts write to by way of Dash; others, such as those of headings, are HTML like all else."""
NO_END = frozenset(("br", "hr", "img", "input"))
NAMES = {"className": "class", "htmlFor": "for"}
OWN = frozenset(("children", "n_clicks", "n_clicks_timestamp", "disable_n_clicks", "key", "refresh"))
"""Properties that are no attributes of the element."""
TO_PAGE = "data-topage"
"""Marks a link that ``assets/plain.js`` follows without leaving the page, as ``dcc.Link`` does."""


class Plain(Component):
    """An element of HTML whose inside is text; ``assets/plain.js`` draws it.

    tag : its name; attributes : as React calls them; html : what is inside, escaped
    """

    _namespace = "spotistream"
    _type = "Plain"
    _prop_names = available_properties = ["tag", "attributes", "html"]  # noqa: RUF012 - as Dash declares them
    _children_props = _base_nodes = _valid_wildcard_attributes = available_wildcard_properties = []  # noqa: RUF012

    def __init__(self, *, tag: str, attributes: Mapping[str, Any], html: str) -> None:
        super().__init__(tag=tag, attributes=dict(attributes), html=html)


def plain(tree: Any) -> Any:
    """The tree with each largest subtree that can be HTML alone as one ``Plain``; the tree given is not changed."""
    if isinstance(tree, (list, tuple)):
        return [plain(each) for each in tree]
    if not isinstance(tree, Component):
        return tree
    if is_html(tree):
        properties = _properties(tree)
        return Plain(tag=_tag(tree), attributes=properties, html=_inside(tree))
    inner = getattr(tree, "children", None)
    if inner is None:
        return tree
    copy = type(tree).__new__(type(tree))
    vars(copy).update(vars(tree))
    copy.children = plain(inner)
    return copy


def is_html(node: Any) -> bool:
    """No id that is written to is in it, and no component that is more than an element or a link."""
    if not isinstance(node, Component):
        return True
    if type(node).__module__.split(".")[1] != "html" and not isinstance(node, dcc.Link):
        return False
    if getattr(node, "id", None) in LIVE:
        return False
    return all(is_html(child) for child in _children(node))


def text_of(node: Any) -> str:
    """The HTML of a component or a text."""
    if node is None:
        return ""
    if not isinstance(node, Component):
        return escape(str(node), quote=False)
    tag = _tag(node)
    begin = f"<{tag}{''.join(_attributes(_properties(node)))}>"
    return begin if tag in NO_END else f"{begin}{_inside(node)}</{tag}>"


def _inside(node: Component) -> str:
    return "".join(map(text_of, _children(node)))


def _children(node: Component) -> list[Any]:
    inner = getattr(node, "children", None)
    return list(inner) if isinstance(inner, (list, tuple)) else [inner]


def _tag(node: Component) -> str:
    return "a" if isinstance(node, dcc.Link) else str(type(node).__name__).lower()


def _properties(node: Component) -> dict[str, Any]:
    """What the element is said to be, by React's names."""
    given = node.to_plotly_json()["props"]
    found = {name: value for name, value in given.items() if name not in OWN and value is not None}
    return {**found, TO_PAGE: ""} if isinstance(node, dcc.Link) else found


def _attributes(properties: Mapping[str, Any]) -> Iterator[str]:
    for name, value in properties.items():
        if value is False:
            continue
        written = NAMES.get(name, name if name.startswith(("data-", "aria-")) else name.lower())
        if isinstance(value, Mapping):
            value = ";".join(f"{key}:{each}" for key, each in value.items())
        yield f" {written}" if value is True else f' {written}="{escape(str(value))}"'
