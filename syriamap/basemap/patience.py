"""How long tiles are waited for, and how much of them is taken."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Limits of what is fetched.

    connect_s, read_s  to reach a server, and between two of its bytes
    total_s            for all tiles of a map together
    tries              of one tile; `pause_s` is the first pause between two, each further one twice as long
    most_bytes         of one tile
    at_once            tiles that are asked for at the same time, which servers want to be few
    """

    connect_s: float = 6.0
    read_s: float = 12.0
    total_s: float = 120.0
    tries: int = 4
    pause_s: float = 0.5
    most_bytes: int = 2_000_000
    at_once: int = 2


PATIENCE = Patience()
