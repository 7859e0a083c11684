"""By which name the server is called, and what a link to it says.

A name that is not ours comes from a page that was rebound to this address, or from
somebody who wants his own host in our links: nothing is answered to it but the fault.
"""

import ipaddress

from flask import Flask, request
from werkzeug.exceptions import HTTPException

from salesdx.web.caller import settings


class StrangeNameError(HTTPException):
    """The request was meant for another server."""

    code = 421


def install(app: Flask) -> None:
    """Refuse requests under a strange name; must come before everything else."""
    app.before_request(_refuse_strange)


def link_to(path: str) -> str:
    """The whole address of a path, to send to somebody.

    Never from a name that a request brings unless it is a name of this machine.
    """
    root = settings().public or f"{request.scheme}://{request.host}"
    return f"{root.rstrip('/')}{path}"


def is_loopback(host: str) -> bool:
    """Whether a name (without a port) means this machine."""
    name = host.strip("[]").rstrip(".").lower()
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def same_site(origin: str) -> bool:
    """Whether an `Origin` is a page of this server."""
    host = origin.partition("://")[2].lower()
    return bool(host) and host in (request.host.lower(), settings().host)


def _refuse_strange() -> None:
    host = request.host.lower()
    if host != settings().host and not is_loopback(_without_port(host)):
        raise StrangeNameError


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() and "]" not in port else host
