"""Parts of a page that no callback writes to are sent as HTML: the same elements, and nothing in them is markup."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from player_fakes import MemoryStore, track

from dashboard import ids
from dashboard.components.plain import Plain, plain, text_of
from dashboard.pages.router import page
from spotistream.config import load_config


def test_elements_become_their_html() -> None:
    tree = html.Section(
        [
            html.Img(alt="", src="/cover/1", width="44"),
            html.Button("Play", hidden=True, disabled=False, tabIndex="-1", className="round", **{"data-play": "row"}),
            html.Label(["for ", 2], htmlFor="x"),
            None,
        ],
        style={"--share": "0.5"},
    )

    assert text_of(tree) == (
        '<section style="--share:0.5"><img alt="" src="/cover/1" width="44">'
        '<button class="round" hidden tabindex="-1" data-play="row">Play</button><label for="x">for 2</label></section>'
    )


def test_what_a_track_is_called_is_no_markup() -> None:
    title = '"><script>alert(1)</script>&amp;'

    written = text_of(html.P(dcc.Link(title, href=f"/track/{title}", title=title)))

    assert "<script" not in written
    assert written.count("<") == 4
    assert "&amp;amp;" in written


def test_a_link_is_followed_within_the_page_unless_it_leads_elsewhere() -> None:
    assert text_of(dcc.Link("Home", href="/")) == '<a href="/" data-topage="">Home</a>'
    assert text_of(html.A("Source", href="https://example.org")) == '<a href="https://example.org">Source</a>'


def test_what_callbacks_write_to_stays_with_dash_and_the_rest_does_not() -> None:
    tree = html.Div([html.H1("Home"), html.Div(html.P("soon"), id=ids.FOR_YOU), html.P(dcc.Store(id="kept"))])

    drawn = plain(tree)

    heading, for_you, kept = drawn.children
    assert (heading.tag, heading.html) == ("h1", "Home")
    assert for_you.id == ids.FOR_YOU
    assert for_you.children.html == "soon"
    assert isinstance(kept.children, dcc.Store)
    assert isinstance(tree.children[0], html.H1), "the tree that was given is as it was"


def test_a_subtree_is_one_component() -> None:
    drawn = plain(html.Article([html.P("a"), html.P(dcc.Link("b", href="/b"))], className="card", id="shelf-1"))

    assert isinstance(drawn, Plain)
    assert drawn.to_plotly_json() == {
        "namespace": "spotistream",
        "type": "Plain",
        "props": {
            "tag": "article",
            "attributes": {"className": "card", "id": "shelf-1"},
            "html": '<p>a</p><p><a href="/b" data-topage="">b</a></p>',
        },
    }


def test_home_is_few_components_however_many_tracks_it_shows() -> None:
    tracks = [track(number, artist=f"Artist {number}") for number in range(40)]
    store = MemoryStore(tracks, popular=[each.track_id for each in tracks])

    drawn = plain(page(store, load_config(environ={}), "/"))

    assert components(drawn) < 20 < components(page(store, load_config(environ={}), "/"))


def components(tree: Any) -> int:
    if isinstance(tree, (list, tuple)):
        return sum(map(components, tree))
    inner = getattr(tree, "children", None)
    return (1 + components(inner)) if hasattr(tree, "to_plotly_json") else 0
