"""The running product of the web tests, with people who sign in."""

from tests.webui.conftest import app, browser, built, case, clock, pages, seeded

__all__ = ["app", "browser", "built", "case", "clock", "pages", "seeded"]
