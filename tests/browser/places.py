"""Every public page and state, and how one gets there."""

import re
import secrets
from functools import cached_property

from django.test import RequestFactory

from expertteam import problems

LINKS = "all => all.filter(a => !a.hasAttribute('download')).map(a => a.pathname)"
NO_PAGE = re.compile(r"logout|\.(pdf|csv|json|py|xlsx)$|/papers/|/files/|/evidence/|/download/|/jsi18n/|/export/$")
SEALED = re.compile(r"[\w-]{20,}=*")  # written anew on every page that leads there
FACTS = "他公示的工作年限与实际不符，2019年还没有到这家单位。"


class Places:
    """Addresses that depend on what happened in the demo, found as a reader would find them."""

    def __init__(self, come):
        self.come = come

    def links(self, address, pattern, username=None):
        """Where the links of this page lead that look like this, each once and in order."""
        visitor = self.come(username)
        found = visitor.go(address).locator("a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        return [*dict.fromkeys(link for link in found if re.search(pattern, link))]

    @cached_property
    def experts(self):
        return self.links("/experts/", r"^/experts/[^/?]+/$")

    @property
    def expert(self):
        return self.experts[0]

    @cached_property
    def withheld(self):
        """An expert who is not in the directory, whose number only the office knows."""
        rows = (
            self.come("intake").go("/admin/experts/expert/").locator("#result_list tbody .field-no").all_inner_texts()
        )
        shown = [*self.experts, *self.links("/experts/?page=2", r"^/experts/[^/?]+/$")]
        return next(address for number in rows if (address := f"/experts/{number.strip()}/") not in shown)

    def notice(self, word):
        """The first notice that the list calls so."""
        card = self.come().go("/notices/").locator("main li.card", has_text=word).first
        return card.get_by_role("link").get_attribute("href")

    def draw(self, word):
        """The first draw that the list calls so."""
        row = self.come().go("/draws/").locator("main tr", has_text=word).first
        return row.get_by_role("link").get_attribute("href")

    @cached_property
    def drawn(self):
        return self.draw("已公开名单")

    @cached_property
    def frozen(self):
        return self.draw("候选池已锁定")

    @cached_property
    def running(self):
        return self.notice("公示中")

    @cached_property
    def over(self):
        return self.notice("公示已结束")

    @cached_property
    def annulled(self):
        return self.notice("已撤销")

    @cached_property
    def certificate(self):
        page = self.come().go(self.expert)
        return re.search(r"并创专〔\d{4}〕\d{3}号", page.locator("main").inner_text())[0]


def says(phone="", address=""):
    """Fill the form of a notice in and send it."""

    def act(page):
        page.get_by_label("反映哪位").select_option("all")
        page.get_by_label("材料不真实").check()
        page.get_by_label("具体情况").fill(FACTS)
        if phone:
            page.get_by_label("姓名").fill("王一问")
            page.get_by_label("手机号").fill(phone)
        else:
            page.get_by_label("匿名提供线索").check()
        page.get_by_role("button", name="提交", exact=True).click()
        page.wait_for_url("**/objection/lodged/")

    return act


def presses(name, **fields):
    """Fill these fields in and press the button of the page's main part."""

    def act(page):
        for label, value in fields.items():
            page.get_by_label(label, exact=True).fill(value)
        page.locator("main").get_by_role("button", name=name, exact=True).first.click()
        page.wait_for_load_state()

    return act


def books(page):
    """Fill the booking form in with a number that nobody has used, and send it."""
    page.get_by_label("融资贷款").check()
    page.get_by_label("想问的问题").fill("想开一家醋坊体验店，创业担保贷款要准备哪些材料？")
    page.get_by_label("怎么称呼您").fill("刘新禾")
    page.get_by_label("手机号").fill(f"1540009{secrets.randbelow(10**4):04}")
    page.get_by_label("我看过并同意").check()
    page.get_by_role("button", name="提交预约").click()
    page.wait_for_url("**/book/done/**")


def books_and(*links):
    """The same, and then on by these links."""

    def act(page):
        books(page)
        for name in links:
            page.locator("main").get_by_role("link", name=name).first.click()
            page.wait_for_load_state()

    return act


def visit(page):
    page.get_by_label("申请专家上门").check()


def menu(page):
    page.get_by_role("button", name="菜单").click()


def sheet(page):
    page.get_by_role("button", name="筛选").click()


def swapped(page):
    """Results that came without a new page."""
    page.get_by_role("checkbox", name="融资贷款").check()
    page.get_by_role("button", name="看结果").click()
    page.wait_for_url("**topic=finance**")


def runs_again(page):
    page.get_by_role("button", name="在本机核验").click()
    page.get_by_text("核验通过").wait_for()


def citation(page):
    page.locator("main .cite").first.click()


def article(page):
    page.locator("main a[href='#a12']").first.click()


def everything_open(page):
    page.locator("main summary").evaluate_all("all => all.forEach(each => { each.parentElement.open = true })")


def follows(name):
    """Follow the link of the page's main part with this name."""

    def act(page):
        page.locator("main").get_by_role("link", name=re.compile(f"^{name}")).first.click()
        page.wait_for_load_state()

    return act


def nothing(page):
    """The page as it comes."""


class Sight:
    """A page in one of its states: the address, its status, what is done there, on which sizes that is possible."""

    def __init__(self, address, act=nothing, *, status=200, sizes=("phone", "desk")):
        self.address, self.act, self.status, self.sizes = address, act, status, sizes

    def show(self, visitor, places):
        page = visitor.go(self.address.format(at=places), self.status)
        self.act(page)
        return page


class Broken(Sight):
    """An error page that a healthy server never shows, put in its place."""

    def __init__(self, view):
        super().__init__("/")
        self.view = view

    def show(self, visitor, places):
        answer = self.view(RequestFactory().get("/broken/"))
        visitor.page.route("**/broken/", lambda route: route.fulfill(body=answer.content, content_type="text/html"))
        return visitor.go("/broken/")


def walk(visitor, doors, seen):
    """Open one page of every kind that can be reached behind these doors and was not seen yet.

    A register links to people whom not every reader of it may look up; he is told so, and that is fine.
    """
    ahead, refused = list(doors), set()
    while ahead:
        path = ahead.pop(0)
        kind = re.sub(r"\d+", "0", SEALED.sub("sealed", path))
        if kind in seen | refused:
            continue
        answer = visitor.page.goto(path)
        if answer.status == 403 and kind == "/admin/expertteam/user/0/change/":
            refused.add(kind)
            continue
        assert answer.status == 200, f"{path}: {answer.status}"
        seen.add(kind)
        everything_open(visitor.page)
        links = visitor.page.locator("a[href]").evaluate_all(LINKS)
        ahead += [link for link in links if link.startswith(tuple(doors)) and not NO_PAGE.search(link)]
        yield path, visitor.page


PAGES = {
    "home": Sight("/"),
    "directory": Sight("/experts/"),
    "directory filtered": Sight("/experts/?topic=finance&visit=1"),
    "directory searched": Sight("/experts/?q=财务"),
    "directory second page": Sight("/experts/?page=2"),
    "directory empty, with a way out": Sight("/experts/?topic=finance&q=没有这个人"),
    "directory asked wrongly": Sight("/experts/?area=1"),
    "expert": Sight("{at.expert}"),
    "expert not shown": Sight("{at.withheld}", status=410),
    "directory in a frame": Sight("/embed/experts/"),
    "directory in a frame, filtered": Sight("/embed/experts/?topic=finance&page=1"),
    "directory in a frame, empty": Sight("/embed/experts/?q=没有这个人"),
    "guide to the API": Sight("/api/"),
    "notices": Sight("/notices/"),
    "notice running": Sight("{at.running}"),
    "notice over": Sight("{at.over}"),
    "notice annulled": Sight("{at.annulled}"),
    "objection": Sight("{at.running}objection/"),
    "objection late": Sight("{at.over}objection/"),
    "objection refused": Sight("{at.running}objection/", presses("提交")),
    "receipt": Sight("{at.running}objection/", says()),
    "progress": Sight("/notices/objection/"),
    "progress refused": Sight("/notices/objection/", presses("查进度")),
    "verify": Sight("/verify/"),
    "verify found": Sight("/verify/?no={at.certificate}"),
    "verify not found": Sight("/verify/?no=并创专〔2026〕999号"),
    "verify refused": Sight("/verify/?no=", status=422),
    "verify by a wrong code": Sight("/verify/abcdefghijklmnopqrstuv/", status=404),
    "booking": Sight("/book/", everything_open),
    "booking of a visit": Sight("/book/", visit),
    "booking refused": Sight("/book/", presses("提交预约")),
    "booked": Sight("/book/", books),
    "own requests": Sight("/my/"),
    "own requests refused": Sight("/my/", presses("查预约")),
    "own request": Sight("/book/", books_and("改期或取消")),
    "own request changed": Sight("/book/", books_and("改期或取消", "改时间")),
    "own request called off": Sight("/book/", books_and("改期或取消", "取消预约")),
    "link that leads nowhere": Sight("/my/abcdefghijklmnopqrstuv/", status=404),
    "rules": Sight("/rules/"),
    "rules at an article": Sight("/rules/", article),
    "citation alone": Sight("/rules/cite/a12-2/"),
    "statistics": Sight("/stats/", everything_open),
    "statistics of a year without": Sight("/stats/?year=2020"),
    "statistics explained": Sight("/stats/method/"),
    "draws": Sight("/draws/"),
    "draw of which the names are public": Sight("{at.drawn}"),
    "draw run again": Sight("{at.drawn}", runs_again),
    "draw that waits": Sight("{at.frozen}"),
    "apply": Sight("/apply/"),
    "accessibility": Sight("/accessibility/"),
    "privacy": Sight("/privacy/"),
    "sign in": Sight("/accounts/login/"),
    "sign in refused": Sight("/accounts/login/", presses("登录")),
    "sign in by code": Sight("/accounts/login/code/"),
    "sign up": Sight("/accounts/signup/"),
    "sign up refused": Sight("/accounts/signup/", presses("注册，获取验证码")),
    "password forgotten": Sight("/accounts/password/reset/"),
    "account closed": Sight("/accounts/inactive/"),
    "outbox of the demo": Sight("/demo/outbox/"),
    "not found": Sight("/nowhere/", status=404),
    "server error": Broken(problems.server_error),
    "maintenance": Broken(problems.unavailable),
}
OPENED = {
    "menu": Sight("/", menu, sizes=("phone",)),
    "filter sheet": Sight("/experts/", sheet, sizes=("phone",)),
    "results in place": Sight("/experts/", swapped, sizes=("desk",)),
    "citation": Sight("/", citation),
    "citation of a notice": Sight("{at.running}", citation),
}
