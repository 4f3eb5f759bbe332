"""``manage.py manual_shots``: the pictures of the staff manual, taken anew from a running demo, with what tests need."""

import shutil
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from playwright.sync_api import sync_playwright

from expertteam.manual import FOLDER, SHOTS, Shot, pages

WINDOW = {"width": 1280, "height": 800}
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"]


def take(page, shot: Shot, folder: Path):
    """One picture of where these links lead whoever is signed in on this page; an error if there is no such place."""
    answer = page.goto(shot.at)
    for selector in shot.follow:
        with page.expect_navigation() as moved:
            page.locator(selector).first.click()
        answer = moved.value
    if answer.status != 200:
        raise CommandError(f"{shot.name}: {page.url} {answer.status}")
    page.screenshot(path=folder / f"{shot.name}.png")


def sign_in(browser, site: str, username: str, password: str):
    """A page on which this person is signed in."""
    page = browser.new_context(base_url=site, locale="zh-CN", viewport=WINDOW, reduced_motion="reduce").new_page()
    page.goto("/accounts/login/")
    page.get_by_label("手机号或用户名").fill(username)
    page.get_by_label("密码", exact=True).fill(password)
    page.locator("main").get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/admin/")
    return page


class Command(BaseCommand):
    help = "Take the pictures of the staff manual from a demo that runs (make demo); needs playwright and Chromium."

    def add_arguments(self, parser):
        parser.add_argument("--site", default="http://127.0.0.1:8000", help="the demo's address")
        parser.add_argument("--accounts", type=Path, default=Path("demo-accounts.txt"), help="its file of accounts")
        parser.add_argument("--only", nargs="*", help="names of pictures")

    def handle(self, site, accounts, only, **options):
        password = accounts.read_text(encoding="utf8").split()[1]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
            wanted = [each for page in pages().values() for each in page.shots if not only or each.name in only]
            signed_in = {who: sign_in(browser, site, who, password) for who in {each.by for each in wanted}}
            for shot in wanted:
                take(signed_in[shot.by], shot, FOLDER / SHOTS)
                self.stdout.write(shot.name)
            browser.close()
