"""``demo`` and ``up``: the whole service on this machine."""

from __future__ import annotations

import argparse
from dataclasses import replace

from spotistream.commands.command import Command
from spotistream.config import Config
from spotistream.launch import add_common_arguments, configured


def _add_port(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, metavar="N", help="port of the player (else 8050)")


def _add_no_simulation(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-simulation", action="store_true", help="no simulated listeners: content alone recommends")


def _demo(arguments: argparse.Namespace) -> None:
    from spotistream.supervisor import serve

    cfg = _on_port(arguments)
    serve(_not_simulated(cfg) if arguments.no_simulation else cfg, demo=True)


def _up(arguments: argparse.Namespace) -> None:
    from spotistream.supervisor import serve

    serve(_not_simulated(_on_port(arguments)), demo=False)


def _on_port(arguments: argparse.Namespace) -> Config:
    cfg = configured(arguments)
    return replace(cfg, player=replace(cfg.player, port=arguments.port)) if arguments.port is not None else cfg


def _not_simulated(cfg: Config) -> Config:
    return replace(cfg, simulation=replace(cfg.simulation, enabled=False))


DEMO = Command(
    "demo",
    "the whole service, with generated music and simulated listeners",
    _demo,
    (add_common_arguments, _add_port, _add_no_simulation),
)
UP = Command("up", "the whole service, without demo data and simulation", _up, (add_common_arguments, _add_port))
