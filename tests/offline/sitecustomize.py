"""Stops whatever in a process would reach another machine, and notes it where the tests look.

Python runs a file of this name by itself when its folder is on PYTHONPATH: so every Python that a test starts is held
back, too. An exception alone would not do, since what reached may catch it.
"""

import os
import socket
import sys

NOTES = "SYRIAMAP_TESTS_REACHED"  # of the environment: the file of notes
AT_HOME = ("127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "", None)  # those of zeros are all of our own
INTERNET = (socket.AF_INET, socket.AF_INET6)
ASKS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
SENDS = ("socket.sendto", "socket.sendmsg")


def find_host(event, args):
    """Return which host an event of the interpreter would reach, None for none."""
    if event in ASKS:
        return args[0]
    streams = event == "socket.connect" and args[0].type == socket.SOCK_STREAM  # of datagrams it sends nothing yet
    if (streams or event in SENDS) and args[0].family in INTERNET:
        return args[1][0] if args[1] else None  # what is connected was looked at then
    return None


def stay_at_home(event, args):
    """Note and stop what would reach another machine. An audit hook: it cannot be taken away again."""
    host = find_host(event, args)
    if (host.decode("ascii", "replace") if isinstance(host, bytes) else host) in AT_HOME:
        return
    said = f"{event}: a test would reach {host!r}"
    notes = os.open(os.environ[NOTES], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(notes, f"{os.environ.get('PYTEST_CURRENT_TEST', '')} {said}\n".encode("utf-8", "replace"))
    os.close(notes)
    raise AssertionError(said)


if NOTES in os.environ:
    sys.addaudithook(stay_at_home)
