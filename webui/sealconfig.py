"""Settings of seals and of verification by anybody, a part of ``webui.config``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

VARIABLES = (
    (
        "LIANDIAO_ADDRESS",
        "",
        "公众验真用的地址，印在签章文件的二维码里，例如 https://yz.example.cn；空则用监听地址",
        "address where anybody verifies, in the QR code of sealed documents; empty: where it listens",
    ),
    (
        "LIANDIAO_SEAL_TOKEN",
        "",
        "法院密钥设备：PKCS#11 模块路径:设备标签；空则用数据文件夹里的示例密钥",
        "the court's key device: path of its PKCS#11 module:label; empty: demonstration keys",
    ),
    (
        "LIANDIAO_SEAL_PIN",
        "",
        "印章密钥的口令或者 PIN，或者 file:仅本账户可读的文件；空则生成一次，存于数据文件夹",
        "passphrase or PIN of the seal keys, or file:PATH that only its owner reads; empty: made once",
    ),
    (
        "LIANDIAO_SEAL_TRUST",
        "",
        "承认的证书和吊销列表的文件夹；空则只认示例证书",
        "folder of accepted certificates and revocation lists; empty: the demonstration's only",
    ),
    (
        "LIANDIAO_SEAL_TSA",
        "",
        "时间戳服务地址（RFC 3161）；空则用示例时间戳",
        "address of the time-stamp authority (RFC 3161); empty: the demonstration's own",
    ),
    (
        "LIANDIAO_SEAL_TSA_SECONDS",
        "10",
        "等时间戳服务应答多少秒",
        "seconds to wait for an answer of the time-stamp authority",
    ),
)
"""Variable, default, what it is for in both languages."""


@dataclass(frozen=True, slots=True)
class SealConfig:
    """``address``: https://host; ``token``: module:label, "" for key files; ``stamps``: "" for our own."""

    address: str
    token: str
    pin: str
    trust: Path | None
    stamps: str
    stamp_seconds: int


def read_seals(values: Mapping[str, str]) -> SealConfig:
    """Raises ValueError with the variable's name when one is wrong."""
    seconds = values["LIANDIAO_SEAL_TSA_SECONDS"]
    if not seconds.isdecimal() or not 1 <= int(seconds) <= 300:
        raise ValueError("LIANDIAO_SEAL_TSA_SECONDS must be a whole number from 1 to 300")
    here = f"http://{values['LIANDIAO_HOST']}:{values['LIANDIAO_PORT']}"
    return SealConfig(
        address=values["LIANDIAO_ADDRESS"].rstrip("/") or here,
        token=values["LIANDIAO_SEAL_TOKEN"],
        pin=values["LIANDIAO_SEAL_PIN"],
        trust=Path(values["LIANDIAO_SEAL_TRUST"]) if values["LIANDIAO_SEAL_TRUST"] else None,
        stamps=values["LIANDIAO_SEAL_TSA"].strip(),
        stamp_seconds=int(seconds),
    )
