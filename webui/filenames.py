"""What a browser calls the file that it keeps an answer as."""

from __future__ import annotations

from urllib.parse import quote

from werkzeug.wrappers import Response


def kept_as(response: Response, name: str) -> Response:
    """The answer as a file of that name. A header holds Latin letters only: the whole name stands
    encoded beside what is left of it (RFC 6266).
    """
    left = name.encode("ascii", "ignore").decode()
    response.headers.set("Content-Disposition", "attachment", filename=left)
    if left != name:
        whole = quote(name, safe="")
        response.headers["Content-Disposition"] += f"; filename*=UTF-8''{whole}"
    return response
