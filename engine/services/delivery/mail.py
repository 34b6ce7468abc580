"""Sends a notice by e-mail (SMTP), with TLS and login where the server wants them."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from engine.errors import Failed
from engine.model import Data

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Mail:
    """``server``: smtp://host, smtp+starttls://host:587 or smtps://host; ``sender``: the From address.

    ``trust``: whose certificates are believed, default those of the machine.
    """

    server: str
    sender: str
    clock: Callable[[], datetime]
    user: str = ""
    password: str = field(default="", repr=False)
    trust: ssl.SSLContext | None = None
    seconds: float = 20

    def __call__(self, dispatch_id: str, params: Data) -> Data:
        """Raises Failed: mail_refused (permanent), mail_unreachable (to be tried again)."""
        letter = self._letter(dispatch_id, params)
        try:
            with closing(_Line(self)) as line:
                line.smtp.send_message(letter)
        except smtplib.SMTPRecipientsRefused as refused:
            raise _failed(*next(iter(refused.recipients.values()))) from refused
        except smtplib.SMTPResponseException as refused:
            raise _failed(refused.smtp_code, refused.smtp_error) from refused
        except smtplib.SMTPNotSupportedError as refused:
            raise Failed("mail_refused", permanent=True, reason=str(refused)) from refused
        except (OSError, smtplib.SMTPException) as error:
            reason = f"{type(error).__name__}: {error}"[:300]
            raise Failed("mail_unreachable", reason=reason) from error
        return {"reference": str(letter["Message-ID"])}

    def _letter(self, dispatch_id: str, params: Data) -> EmailMessage:
        """The same id each time: who receives it twice can tell."""
        letter = EmailMessage()
        letter["From"], letter["To"] = self.sender, params["address"]
        letter["Subject"] = params["subject"]
        letter["Date"] = format_datetime(self.clock())
        letter["Message-ID"] = f"<{dispatch_id}@{self.sender.rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(params["text"])
        return letter


class _Line:
    """A connection, secured and signed in as the address says."""

    def __init__(self, mail: Mail) -> None:
        parts = urlsplit(mail.server)
        host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
        trust = mail.trust or ssl.create_default_context()
        self.smtp: smtplib.SMTP
        if parts.scheme == "smtps":
            self.smtp = smtplib.SMTP_SSL(host, port, timeout=mail.seconds, context=trust)
        else:
            self.smtp = smtplib.SMTP(host, port, timeout=mail.seconds)
        try:
            if parts.scheme == "smtp+starttls":
                self.smtp.starttls(context=trust)
            if mail.user:
                self.smtp.login(mail.user, mail.password)
        except (OSError, smtplib.SMTPException):
            self.smtp.close()
            raise

    def close(self) -> None:
        """The letter is with the server by now: how the line ends does not matter."""
        try:
            self.smtp.quit()
        except (OSError, smtplib.SMTPException):
            self.smtp.close()


def _failed(code: int, said: bytes | str) -> Failed:
    """RFC 5321: 4xx is for now, 5xx for good."""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    reason = f"{code} {words}"[:300]
    if code >= 500:
        return Failed("mail_refused", permanent=True, reason=reason)
    return Failed("mail_unreachable", reason=reason)
