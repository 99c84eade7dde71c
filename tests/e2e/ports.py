"""Ports for daemons that are started after their port was chosen, given to one test run of this machine only.

A port that the kernel chose and that is closed again may become somebody else's before the daemon is there, or while
it is down to be started anew. So these come from below the ports that the kernel gives to connections, by the hundred,
and an abstract socket (its name vanishes with this process) says whose a hundred is.
"""
import errno
import os
import socket

FIRST, HUNDREDS = 20000, 127        # up to 32699; net.ipv4.ip_local_port_range begins at 32768
claims = []                         # open as long as this process


def claim(hundred):
    mine = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        mine.bind("\0latchkey-test-ports-%d" % hundred)
    except OSError as failure:
        mine.close()
        if failure.errno != errno.EADDRINUSE:
            raise
        return False
    claims.append(mine)
    return True


def nobody_listens(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))      # of all addresses: the nodes of a ring have one each
        except OSError:
            return False
    return True


def ours():
    """Every port once; the process number says where to begin, so that runs after each other begin elsewhere."""
    for i in range(HUNDREDS):
        hundred = (os.getpid() + i) % HUNDREDS
        if claim(hundred):
            yield from range(FIRST + 100 * hundred, FIRST + 100 * (hundred + 1))


_left = ours()


def free_port():
    port = next((port for port in _left if nobody_listens(port)), None)
    assert port, "every port from %d on is taken" % FIRST
    return port
