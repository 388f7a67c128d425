"""The tests reach no other machine."""

import socket

import pytest


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org", "2001:db8::1"])
def test_another_machine_is_out_of_reach(host):
    with pytest.raises(AssertionError, match="a test would reach"):
        socket.create_connection((host, 9), timeout=0.1)


def test_this_machine_is_not():
    with (
        socket.create_server(("127.0.0.1", 0)) as ours,
        socket.create_connection(ours.getsockname(), timeout=1) as door,
    ):
        assert door.getpeername() == ours.getsockname()
