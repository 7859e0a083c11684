"""How a server is set up; nothing in it is secret, and nothing has to be."""

from dataclasses import dataclass
from urllib.parse import urlsplit

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Settings:
    """Of one server.

    `secure` says that people reach it by https: then cookies go no other way. `public`
    is the address they type, for links; empty: it is reached from this machine only.
    """

    secure: bool = False
    public: str = ""
    largest_upload: int = 50 * MEGABYTE  # of one request
    largest_form: int = 64 << 10  # of an answer
    patience: float = 1.0  # seconds that a page waits for figures before it says so

    @property
    def host(self) -> str:
        """Host and port of the public address, as a browser names them."""
        return urlsplit(self.public).netloc.lower()
