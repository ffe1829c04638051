"""``python -m dashboard``: the player as a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import errno
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import uvicorn

from dashboard.app import create_app
from dashboard.folders import with_music_of_home
from spotistream.config import EMBEDDED, Config, load_config
from spotistream.errors import ConfigError, EnvironmentProblem, SpotistreamError
from spotistream.logs import set_up
from spotistream.serving.activity import MINUTES, Activity
from spotistream.serving.catalogue_keeper import CatalogueKeeper
from spotistream.serving.library_keeper import take_library
from spotistream.serving.library_store import LibraryStore
from spotistream.serving.listening_keeper import take_plays
from spotistream.serving.live import RecommendationFeed
from spotistream.serving.publisher import EventPublisher
from spotistream.serving.topic_follower import TopicFollower
from spotistream.serving.topic_tail import TopicTail
from spotistream.tables import LIBRARY_TOPIC, PLAYS_TOPIC, TRACKS_TOPIC

GRACE_S = 2
HIGHEST_PORT = 65_535


class PlayerServer(uvicorn.Server):
    """Ends the open live streams before it waits for connections to close, so that it stops at once."""

    def __init__(self, config: uvicorn.Config, *, feed: RecommendationFeed, address: str) -> None:
        super().__init__(config)
        self._feed, self._address = feed, address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets=sockets)
        if self.started:
            sys.stdout.write(f"player ready at {self._address}\n")
            sys.stdout.flush()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """To be asked to stop is no failure: unlike uvicorn's own, this does not raise the signal again at the end."""
        self._loop.call_soon_threadsafe(self._feed.close, 0.0)
        self.force_exit = self.should_exit
        self.should_exit = True


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C. Returns the exit code; what went wrong is one line on stderr."""
    options = _parser().parse_args(arguments)
    try:
        config = with_music_of_home(load_config(home=options.home))
        set_up(config.log)
        port = config.player.port if options.port is None else options.port
        serve(config, host=options.host or config.player.host, port=port)
    except SpotistreamError as exc:
        sys.stderr.write(f"spotistream: {exc}\n")
        return exc.exit_code
    return 0


def serve(config: Config, *, host: str, port: int) -> None:
    """Check the port, the store and the broker, then serve.

    Raises ``EnvironmentProblem``, ``ConfigError`` or ``ServiceUnavailable`` that says which of them is wrong.
    """
    _refuse_embedded(config)
    with listening_socket(host, port) as listener:
        store = LibraryStore(uri=config.mongo.uri, database=config.mongo.database, timeout_ms=config.mongo.timeout_ms)
        events, feed = EventPublisher(config.kafka), RecommendationFeed(config.kafka)
        written = (
            TopicFollower(config.kafka, store, PLAYS_TOPIC, take_plays),
            TopicFollower(config.kafka, store, LIBRARY_TOPIC, take_library),
        )
        catalogue = CatalogueKeeper(store)
        activity = Activity()
        heard = TopicTail(config.kafka, PLAYS_TOPIC, activity.hear, back_s=60.0 * MINUTES)
        new_tracks = TopicTail(config.kafka, TRACKS_TOPIC, catalogue.hear)
        try:
            store.ping()
            store.prepare()
            events.connect()
            feed.start()
            for follower in written:
                follower.start()
            new_tracks.start()
            catalogue.start()
            heard.start()
            app = create_app(store, events, feed, config, catalogue, activity)
            settings = uvicorn.Config(
                app.server,
                proxy_headers=False,
                server_header=False,
                access_log=False,
                log_level="warning",
                timeout_graceful_shutdown=GRACE_S,
            )
            PlayerServer(settings, feed=feed, address=address_of(listener)).run(sockets=[listener])
        finally:
            catalogue.close()
            new_tracks.close()
            heard.close()
            for follower in written:
                follower.close()
            feed.close()
            events.close()
            store.close()


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket bound to the address. Raises ``EnvironmentProblem`` when the port is taken or may not be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    if not 0 <= port <= HIGHEST_PORT:
        raise EnvironmentProblem(f"port {port} does not exist", remedy=f"choose one up to {HIGHEST_PORT} with --port")
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as exc:
        listener.close()
        reason = "is taken" if exc.errno == errno.EADDRINUSE else f"cannot be used ({exc.strerror or exc})"
        raise EnvironmentProblem(f"port {port} of {host} {reason}", remedy="choose another with --port") from exc
    return listener


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _refuse_embedded(config: Config) -> None:
    for key, value in (("mongo.uri", config.mongo.uri), ("kafka.bootstrap_servers", config.kafka.bootstrap_servers)):
        if value == EMBEDDED:
            problem = "is 'embedded', which `spotistream up` starts for the player; give an address to start it alone"
            raise ConfigError(key, problem, source="the configuration")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m dashboard", description="The music player of spotistream.")
    parser.add_argument("--home", type=Path, help="folder that holds all data (default: SPOTISTREAM_HOME)")
    parser.add_argument("--host", help="address to listen on (default: player.host, this machine only)")
    parser.add_argument("--port", type=int, help="port to listen on; 0: any that is free (default: player.port)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
