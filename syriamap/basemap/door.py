"""The door to the network: one request at a time, to hosts that may be asked, never more than a tile can weigh."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from contextlib import contextmanager, suppress
from http.client import responses
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import default_user_agent, get_environ_proxies
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from .. import __version__
from .judge import EXPECTED, Refused, judge_tile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from .patience import Patience

    Pixels = NDArray[np.uint8]

AGENT = f"syriamap/{__version__} {default_user_agent()}"  # stable, and of no host
MOST_HOPS = 3
OK, BUSY, FAILED = 200, 429, 500  # FAILED: from here on the server's own faults
MOVED = (301, 302, 303, 307, 308)
LONGEST_WAIT_S = 30.0  # however long a server wants us to wait
HOME = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "test")  # last parts of private names
CHUNK = 65_536


class Door:
    """Fetches bodies by http and https for as long as `patience` allows.

    Addresses of private networks are refused: those of a host that is `named` so that it can only be a private one are
    not, and none is with `private`.
    """

    def __init__(self, named: str, patience: Patience, *, private: bool = False) -> None:
        self._named, self._patience = named.casefold(), patience
        self._private, self._at_home = private, is_private_name(named)
        self._known: set[str] = set()
        self._sockets: list[socket.socket] = []
        self._end = time.monotonic() + patience.total_s
        self._clock = threading.Timer(patience.total_s, self._hang_up)
        self._clock.daemon = True
        self._clock.start()
        self._session = requests.Session()
        self._session.headers = requests.structures.CaseInsensitiveDict(
            {"User-Agent": AGENT, "Accept": "image/png,image/jpeg,image/webp", "Accept-Encoding": "identity"}
        )
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = _Adapter(self._check_peer)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, adapter)

    def close(self) -> None:
        """Close all connections."""
        self._clock.cancel()
        self._session.close()

    def _hang_up(self) -> None:
        """End all connections, also those whose other end says a letter now and then."""
        for one in self._sockets:
            with suppress(OSError):  # it has ended already
                one.shutdown(socket.SHUT_RDWR)

    def fetch(self, url: str) -> tuple[bytes, Pixels]:
        """Return a tile as it came and its pixels; several tries where another may help. Raises Refused."""
        for turn in range(self._patience.tries):
            try:
                body, said = self._follow(url)
                return body, judge_tile(body, said)
            except Refused as refused:
                pause = max(self._patience.pause_s * 2**turn, min(refused.wait_s, LONGEST_WAIT_S))
                if not refused.again or turn + 1 == self._patience.tries:
                    raise
                if time.monotonic() + pause > self._end:
                    raise Refused(f"{refused}; no time is left to ask again") from refused
            time.sleep(pause)
        raise AssertionError  # the last try returns or raises

    def _follow(self, url: str) -> tuple[bytes, str]:
        """Return the body behind an address or where it leads to."""
        for _ in range(MOST_HOPS + 1):
            self._check_address(url)
            with self._ask(url) as answer:
                if answer.status_code not in MOVED:
                    return self._read(answer), answer.headers.get("Content-Type", "")
                url = _next_address(url, answer)
        raise Refused(f"redirected more than {MOST_HOPS} times; expected {EXPECTED}")

    @contextmanager
    def _ask(self, url: str) -> Iterator[requests.Response]:
        """Give out an answer whose body is still to come; what goes wrong with it is one of our own refusals."""
        limits = (self._patience.connect_s, self._patience.read_s)
        try:
            with self._session.get(url, stream=True, timeout=limits, allow_redirects=False) as answer:
                yield answer
        except requests.exceptions.SSLError as error:
            raise Refused("no secure connection; expected a valid certificate") from error
        except (requests.exceptions.RequestException, HTTPError, OSError, ValueError) as error:
            raise Refused(_why(error), again=True) from error

    def _read(self, answer: requests.Response) -> bytes:
        """Return the body of an answer that is one. Raises Refused for a status that is none, or too much."""
        status = answer.status_code
        if status != OK:
            name = responses.get(status, "")  # not by the server's own words, which can be any
            said = f"HTTP {status} {name}".strip()
            wait = answer.headers.get("Retry-After", "")
            again = status == BUSY or status >= FAILED
            wait_s = float(wait) if wait.isdigit() else 0.0
            raise Refused(f"{said}; expected 200 with {EXPECTED}", again=again, wait_s=wait_s)
        most, body = self._patience.most_bytes, bytearray()
        stated = answer.headers.get("Content-Length", "0")
        size = int(stated) if stated.isdigit() else 0
        while size <= most and (chunk := answer.raw.read1(CHUNK, decode_content=False)):  # what is there, however slow
            body += chunk
            size = max(size, len(body))
            self._check_time()
        if size > most:
            raise Refused(f"more than {most / 1e6:g} MB; expected {EXPECTED}")
        return bytes(body)

    def _check_time(self) -> None:
        if time.monotonic() > self._end:
            raise Refused(f"tiles took more than {self._patience.total_s:g} s in all; expected less")

    # Which hosts may be asked

    def _check_address(self, url: str) -> None:
        """Raise Refused for a scheme or a host that is not to be asked. Nothing is sent."""
        self._check_time()
        scheme, host, port = _split(url)
        if scheme not in ("http", "https") or not host:
            raise Refused(f"redirected to {scheme or 'nothing'}:; expected http or https")
        if host in self._known:
            return
        literal = _address(host)
        if literal is None and get_environ_proxies(url):
            self._known.add(host)  # the proxy finds the host, as the user has set it up
            return
        for address in [literal] if literal else _resolve(host, port or scheme):
            self._check(host, address)
        self._known.add(host)

    def _check(self, host: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
        if self._private or is_public(address) or (self._at_home and host == self._named):
            return
        raise Refused(
            f"{host} has the private address {address}; expected a public one, or --basemap-private if that is meant"
        )

    def _check_peer(self, connection: HTTPConnection) -> None:
        """Raise Refused when a name has led elsewhere than where it led when it was asked for."""
        if connection.sock is None:
            return
        self._sockets.append(connection.sock)
        if connection.proxy:
            return
        found = _address(str(connection.sock.getpeername()[0]))
        if found is not None:
            self._check(connection.host.strip("[]").casefold(), found)


def is_private_name(host: str) -> bool:
    """Return whether a host is named so that it can only be one of a private network, or this machine."""
    address = _address(host)
    if address is not None:
        return not is_public(address)
    parts = host.casefold().rstrip(".").split(".")
    return len(parts) == 1 or parts[-1] in HOME


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Return whether anybody can reach an address; one that hides an older kind of address is as that one is."""
    if isinstance(address, ipaddress.IPv6Address):
        hidden = address.ipv4_mapped or address.sixtofour
        if hidden:
            return is_public(hidden)
    return address.is_global and not address.is_multicast


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None


def _resolve(host: str, port: int | str) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """Return every address of a host. Raises Refused when it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused("the host is not found; is there a network?", again=isinstance(error, OSError)) from error
    return [address for *_, where in found if (address := _address(str(where[0]))) is not None]


def _next_address(url: str, answer: requests.Response) -> str:
    there = urljoin(url, answer.headers.get("Location", ""))
    if _split(url)[0] == "https" and _split(there)[0] == "http":
        raise Refused("redirected from https to http; expected a secure address")
    return there


def _split(url: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of an address. Raises Refused for what is none."""
    try:
        parts = urlsplit(url)
        return parts.scheme.casefold(), (parts.hostname or "").casefold(), parts.port
    except ValueError as error:
        raise Refused("no address; expected one of http or https") from error


def _why(error: Exception) -> str:
    """Return why nothing came, in words that name no address."""
    said = repr(error)
    if "IncompleteRead" in said:
        return f"less than was announced; expected {EXPECTED}"
    if "timed out" in said or "Timeout" in said:
        return "no answer in time"
    if "refused" in said:
        return "the connection was refused"
    if isinstance(error, ValueError):
        return f"an answer that leads nowhere; expected {EXPECTED}"
    return f"the connection failed ({type(error).__name__}); is there a network?"


class _Adapter(HTTPAdapter):
    """Connections of requests whose other end is looked at before anything is sent."""

    def __init__(self, check: Callable[[HTTPConnection], None]) -> None:
        self._check = check
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # of requests
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = _guard_pools(self._check)


def _guard_pools(check: Callable[[HTTPConnection], None]) -> dict[str, Any]:
    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            check(self)

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            check(self)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
