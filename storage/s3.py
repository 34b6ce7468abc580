"""Files by their digest in an S3-compatible bucket, for several machines: the promises of ``blobs``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from engine.errors import Failed, NotFound
from engine.model.retained import Certificate

from .blobs import digest_of, is_digest, verified


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where files lie: ``name/folder`` on the server at ``endpoint`` ("": the cloud's own)."""

    name: str
    folder: str = ""
    endpoint: str = ""
    key_id: str = ""
    secret: str = field(default="", repr=False)
    region: str = "us-east-1"
    seconds: int = 30


class S3Blobs:
    """``<folder>/ab/cdef...``, created once: a server that answers 412 says it is there already.

    Same errors as FolderBlobs, and Failed (blob_unreachable) when the server does not answer.
    """

    def __init__(self, bucket: Bucket) -> None:
        self._store = S3Store(
            bucket.name,
            prefix=bucket.folder or None,
            endpoint=bucket.endpoint or None,
            access_key_id=bucket.key_id,
            secret_access_key=bucket.secret,
            region=bucket.region,
            client_options={
                "allow_http": bucket.endpoint.startswith("http:"),
                "timeout": f"{bucket.seconds}s",
                "connect_timeout": "5s",
            },
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=bucket.seconds)},
        )

    def put(self, content: bytes) -> str:
        digest = digest_of(content)
        try:
            obstore.put(self._store, _path(digest), content, mode="create")
        except AlreadyExistsError:
            self._mend(digest, content)
        except (BaseError, OSError) as error:
            raise Failed("blob_unwritable", reason=_said(error)) from error
        return digest

    def get(self, digest: str) -> bytes:
        return verified(self._read(digest), digest)

    def has(self, digest: str) -> bool:
        if not is_digest(digest):
            return False
        try:
            obstore.head(self._store, _path(digest))
        except FileNotFoundError:
            return False
        except (BaseError, OSError) as error:
            raise Failed("blob_unreachable", reason=_said(error)) from error
        return True

    def remove(self, digest: str, certificate: Certificate) -> None:
        """A bucket that keeps old versions or holds objects must be told to let them go as well."""
        try:
            obstore.delete(self._store, _path(digest))
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise Failed("blob_unwritable", reason=_said(error)) from error

    def digests(self, after: str = "") -> Iterator[str]:
        """Servers list in the order of names, which is that of digests."""
        offset = f"{after[:2]}/{after[2:]}" if after else None
        try:
            for page in obstore.list(self._store, offset=offset):
                names = (item["path"].replace("/", "") for item in page)
                yield from (name for name in names if is_digest(name))
        except (BaseError, OSError) as error:
            raise Failed("blob_unreachable", reason=_said(error)) from error

    def _read(self, digest: str) -> bytes:
        if not is_digest(digest):
            raise NotFound("no_blob", digest=digest[:64])
        try:
            return bytes(obstore.get(self._store, _path(digest)).bytes())
        except FileNotFoundError as error:
            raise NotFound("no_blob", digest=digest) from error
        except (BaseError, OSError) as error:
            raise Failed("blob_unreachable", reason=_said(error)) from error

    def _mend(self, digest: str, content: bytes) -> None:
        """What is there already is as it should be, or is put right."""
        if digest_of(self._read(digest)) == digest:
            return
        try:
            obstore.put(self._store, _path(digest), content)
        except (BaseError, OSError) as error:
            raise Failed("blob_unwritable", reason=_said(error)) from error


def _path(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:]}"


def _said(error: Exception) -> str:
    """The first line: the rest is for the library's makers."""
    return str(error).partition("\n")[0][:200]
