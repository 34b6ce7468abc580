"""Settings of one installation, each from an environment variable with a documented default."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from .sealconfig import VARIABLES, SealConfig, read_seals


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its default as text and what it is for in both languages."""

    variable: str
    default: str
    zh: str
    en: str


SETTINGS = (
    Setting("LIANDIAO_DATA", "data", "数据文件夹", "the data folder"),
    Setting(
        "LIANDIAO_DATABASE_URL",
        "",
        "数据库地址；空则用数据文件夹里的 SQLite 文件",
        "database address; empty: a SQLite file in the data folder",
    ),
    Setting(
        "LIANDIAO_BLOBS",
        "",
        "文件存放处：空则用数据文件夹；s3://桶/文件夹 则存对象存储",
        "where files lie: empty: in the data folder; s3://bucket/folder: in an object store",
    ),
    Setting(
        "LIANDIAO_S3_ENDPOINT",
        "",
        "对象存储的地址，例如 https://s3.example.cn:9000",
        "address of the object store, such as https://s3.example.cn:9000",
    ),
    Setting("LIANDIAO_S3_KEY", "", "对象存储的访问账号", "access key of the object store"),
    Setting("LIANDIAO_S3_SECRET", "", "对象存储的访问密钥", "secret key of the object store"),
    Setting("LIANDIAO_S3_REGION", "us-east-1", "对象存储的区域", "region of the object store"),
    Setting(
        "LIANDIAO_WITNESS",
        "",
        "检查点外存到哪里，应在数据库管理员管不到的地方：文件夹、mailto:地址、https://另一单位、"
        "tsa:时间戳服务地址，可多处，用逗号分开；空则不外存",
        "where checkpoints of the log are sent, out of the administrator's reach: a folder, "
        "mailto:address, https://another office, tsa:address of a time-stamp service, several "
        "with commas between; empty: none",
    ),
    Setting(
        "LIANDIAO_WITNESS_MINUTES",
        "60",
        "至少隔多少分钟外存一次检查点",
        "minutes between two checkpoints sent",
    ),
    *(Setting(*one) for one in VARIABLES),
    Setting("LIANDIAO_HOST", "127.0.0.1", "监听地址", "address to listen on"),
    Setting("LIANDIAO_PORT", "8000", "监听端口", "port to listen on"),
    Setting(
        "LIANDIAO_SECRET",
        "",
        "签名密钥；空则生成一次，存于数据文件夹，仅本账户可读",
        "signing secret; empty: made once, kept in the data folder, readable by its owner only",
    ),
    Setting("LIANDIAO_LANG", "zh", "默认语言：zh 或 en", "default language: zh or en"),
    Setting("LIANDIAO_SESSION_IDLE", "30", "无操作多少分钟后退出", "minutes idle until signed out"),
    Setting(
        "LIANDIAO_SESSION_MAX", "12", "登录最长多少小时", "hours until signed out at the latest"
    ),
    Setting("LIANDIAO_UPLOAD_MAX", "20", "单个请求上限（MB）", "largest request in MB"),
    Setting(
        "LIANDIAO_SMTP",
        "",
        "邮件服务器：smtp://、smtp+starttls:// 或 smtps:// 主机:端口；空则不发邮件",
        "mail server: smtp://, smtp+starttls:// or smtps:// host:port; empty: no mail is sent",
    ),
    Setting("LIANDIAO_SMTP_USER", "", "邮件服务器账号", "account at the mail server"),
    Setting("LIANDIAO_SMTP_PASSWORD", "", "邮件服务器密码", "password at the mail server"),
    Setting("LIANDIAO_SMTP_FROM", "", "发件地址", "address that mail is sent from"),
    Setting(
        "LIANDIAO_PLATFORM",
        "",
        "外部送达平台收通知的地址；空则不用",
        "where an external service platform takes notices; empty: none",
    ),
    Setting(
        "LIANDIAO_PLATFORM_KEY",
        "",
        "送达平台回报的签名公钥（Base64）",
        "public key (base64) that signs what the service platform reports",
    ),
    Setting(
        "LIANDIAO_CLAMD",
        "",
        "查毒服务 clamd：主机:端口 或套接字路径；空则不查毒",
        "virus scanner clamd: host:port or the path of its socket; empty: files are not scanned",
    ),
    Setting(
        "LIANDIAO_SCAN_REQUIRED",
        "no",
        "没有查毒结果时是否拒收文件：yes 或 no",
        "refuse files that could not be scanned: yes or no",
    ),
    Setting(
        "LIANDIAO_OFFICE",
        "",
        "本单位在联网单位之间的代码；空则不联网",
        "code of this office among linked offices; empty: not linked",
    ),
    Setting(
        "LIANDIAO_COURT_SYSTEM",
        "",
        "法院案件系统取案号的地址；空则由书记员照抄录入",
        "where the court's case system gives case numbers; empty: clerks copy them from it",
    ),
    Setting(
        "LIANDIAO_COURT_KEY",
        "",
        "法院案件系统答复的签名公钥（Base64）",
        "public key (base64) that signs the answers of the court's case system",
    ),
    Setting(
        "LIANDIAO_LINK_WINDOW",
        "5",
        "往来消息的签名时间最多相差多少分钟",
        "how many minutes the time of a message's signature may be off",
    ),
    Setting(
        "LIANDIAO_FONTS",
        "",
        "自备字体文件夹（可放 fonts.toml 指定小标宋、仿宋等）；空则用随附字体",
        "folder of the office's own fonts, with fonts.toml naming them by role; empty: those shipped",
    ),
    Setting("LIANDIAO_THREADS", "8", "服务线程数", "threads that serve requests"),
    Setting(
        "LIANDIAO_SECURE_COOKIES",
        "no",
        "是否仅经 HTTPS 发送登录凭证：yes 或 no",
        "send sign-in cookies over HTTPS only: yes or no",
    ),
)
"""Every setting there is; the command line and the documentation print this table."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings, read and typed. Raises ValueError with the variable's name when one is wrong."""

    data: Path
    database_url: str
    host: str
    port: int
    secret: str
    lang: str
    session_idle_minutes: int
    session_max_hours: int
    upload_max_bytes: int
    threads: int
    office: str
    court_system: str
    court_key: str
    link_window: timedelta
    fonts: Path | None
    secure_cookies: bool
    smtp: str
    smtp_user: str
    smtp_password: str
    smtp_from: str
    platform: str
    platform_key: str
    clamd: str
    scan_required: bool
    blobs: str
    s3_endpoint: str
    s3_key: str
    s3_secret: str
    s3_region: str
    witness: tuple[str, ...]
    witness_minutes: int
    seals: SealConfig

    @property
    def is_sqlite(self) -> bool:
        """One file in one process; anything else is shared by several."""
        return self.database_url.startswith("sqlite")


def read_config(environment: Mapping[str, str] | None = None) -> Config:
    """The configuration from an environment (default: the process's own)."""
    given = os.environ if environment is None else environment
    values = {item.variable: given.get(item.variable) or item.default for item in SETTINGS}
    data = Path(values["LIANDIAO_DATA"]).expanduser().resolve()
    return Config(
        data=data,
        database_url=values["LIANDIAO_DATABASE_URL"] or f"sqlite:///{data / 'liandiao.db'}",
        host=values["LIANDIAO_HOST"],
        port=_whole(values, "LIANDIAO_PORT", 0, 65535),
        secret=values["LIANDIAO_SECRET"] or _kept_secret(data),
        lang=_one_of(values, "LIANDIAO_LANG", ("zh", "en")),
        session_idle_minutes=_whole(values, "LIANDIAO_SESSION_IDLE", 1, 1440),
        session_max_hours=_whole(values, "LIANDIAO_SESSION_MAX", 1, 168),
        upload_max_bytes=_whole(values, "LIANDIAO_UPLOAD_MAX", 1, 2048) * 1024 * 1024,
        threads=_whole(values, "LIANDIAO_THREADS", 1, 256),
        office=values["LIANDIAO_OFFICE"].strip(),
        court_system=values["LIANDIAO_COURT_SYSTEM"].strip(),
        court_key=values["LIANDIAO_COURT_KEY"].strip(),
        link_window=timedelta(minutes=_whole(values, "LIANDIAO_LINK_WINDOW", 1, 60)),
        fonts=Path(values["LIANDIAO_FONTS"]) if values["LIANDIAO_FONTS"] else None,
        secure_cookies=_one_of(values, "LIANDIAO_SECURE_COOKIES", ("yes", "no")) == "yes",
        smtp=_mail_server(values),
        smtp_user=values["LIANDIAO_SMTP_USER"],
        smtp_password=values["LIANDIAO_SMTP_PASSWORD"],
        smtp_from=values["LIANDIAO_SMTP_FROM"].strip(),
        platform=values["LIANDIAO_PLATFORM"].strip(),
        platform_key=values["LIANDIAO_PLATFORM_KEY"].strip(),
        clamd=_scanner(values),
        scan_required=_one_of(values, "LIANDIAO_SCAN_REQUIRED", ("yes", "no")) == "yes",
        blobs=_bucket(values),
        s3_endpoint=values["LIANDIAO_S3_ENDPOINT"].strip(),
        s3_key=values["LIANDIAO_S3_KEY"],
        s3_secret=values["LIANDIAO_S3_SECRET"],
        s3_region=values["LIANDIAO_S3_REGION"],
        witness=_witnesses(values),
        witness_minutes=_whole(values, "LIANDIAO_WITNESS_MINUTES", 1, 100_000),
        seals=read_seals(values),
    )


def _whole(values: Mapping[str, str], name: str, low: int, high: int) -> int:
    if not values[name].isdecimal() or not low <= int(values[name]) <= high:
        raise ValueError(f"{name} must be a whole number from {low} to {high}")
    return int(values[name])


def _one_of(values: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    if values[name] not in allowed:
        raise ValueError(f"{name} must be one of: {', '.join(allowed)}")
    return values[name]


def _mail_server(values: Mapping[str, str]) -> str:
    told = values["LIANDIAO_SMTP"].strip()
    shape = r"(smtp|smtps|smtp\+starttls)://[^/@\s]+"
    if told and not (re.fullmatch(shape, told) and "@" in values["LIANDIAO_SMTP_FROM"]):
        raise ValueError("LIANDIAO_SMTP must be smtp://host:port, with LIANDIAO_SMTP_FROM")
    return told


def _witnesses(values: Mapping[str, str]) -> tuple[str, ...]:
    told = [one.strip() for one in values["LIANDIAO_WITNESS"].split(",")]
    if not values["LIANDIAO_SMTP"].strip() and any(one.startswith("mailto:") for one in told):
        raise ValueError("LIANDIAO_WITNESS has a mailto: address; give LIANDIAO_SMTP too")
    return tuple(filter(None, told))


def _scanner(values: Mapping[str, str]) -> str:
    told = values["LIANDIAO_CLAMD"].strip()
    if told and "/" not in told and not re.fullmatch(r"[^:]+:\d{1,5}", told, re.A):
        raise ValueError("LIANDIAO_CLAMD must be host:port or the path of a socket")
    return told


def _bucket(values: Mapping[str, str]) -> str:
    """``bucket/folder`` of s3://bucket/folder, "" for the data folder."""
    told = values["LIANDIAO_BLOBS"].strip()
    if told and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w./-]*)?", told, re.A):
        raise ValueError("LIANDIAO_BLOBS must be empty or s3://bucket/folder")
    return told.removeprefix("s3://").strip("/")


def _kept_secret(data: Path) -> str:
    """The installation's own secret: made once; two processes that start together agree on one."""
    path = data / "secret"
    data.mkdir(parents=True, exist_ok=True)
    draft = data / f".secret-{secrets.token_hex(8)}"
    if not path.exists():
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32), "ascii")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text("ascii").strip()
