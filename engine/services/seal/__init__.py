"""Seals on PDF: keys, time-stamps, round seals, signing and verifying."""

import logging

# What it would say about a file that does not hold is in the verdict already.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
