"""A file to take away: always to be saved, never to be shown in the page's place."""

import io

from flask import Response, send_file


def download(content: bytes, name: str, kind: str) -> Response:
    """Send bytes as a file of this name; of a text Flask tells the charset itself."""
    return send_file(
        io.BytesIO(content), mimetype=kind.partition(";")[0], as_attachment=True,
        download_name=name,
        etag=False, max_age=0,
    )  # fmt: skip
