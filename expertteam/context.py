"""What every page knows: the bureau, where the reader stands, and in the demo the clock."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.urls import reverse

from expertteam import clock, manual
from expertteam.workflow import may

NAV = [
    ("experts:directory", "找专家"),
    ("recruitment:notices", "公示"),
    ("rules", "办法"),
    ("stats", "数据"),
    ("experts:verify", "聘书核验"),
    ("recruitment:apply", "申请加入"),
]
TABS = [
    ("home", "首页", "i-home"),
    ("experts:directory", "找专家", "i-find"),
    ("services:lookup", "我的预约", "i-cal"),
    ("recruitment:notices", "公示", "i-bell"),
]
STAFF_NAV = [  # address, label, what one must be allowed to be led there
    ("admin:index", "今天", ""),
    ("services:phone", "接电话", "services.ask_servicerequest"),
    ("services:matching", "预约匹配", "services.view_servicerequest"),
    ("services:staff_services", "服务记录", "services.view_service"),
    ("evaluations:ratings", "评价与回访", "evaluations.view_rating"),
    ("evaluations:refusals", "不履职核实", "evaluations.view_refusal"),
    ("evaluations:strikes", "计次台账", "evaluations.view_strike"),
    ("evaluations:assessments", "年度评价", "evaluations.view_assessment"),
    ("evaluations:honours", "表彰推荐", "evaluations.view_honour"),
    ("evaluations:dismissals", "解聘", "evaluations.view_dismissal"),
    ("services:staff_activities", "活动与结对", "services.view_activity"),
    ("services:panels", "项目评审", "services.view_reviewpanel"),
    ("payments:batches", "劳务报酬", "payments.view_batch"),
    ("payments:accounts", "收款账户", "payments.view_bankaccount"),
    ("recruitment:applications", "选聘申请", "recruitment.view_application"),
    ("recruitment:staff_notices", "公示与异议", "recruitment.view_notice"),
    ("recruitment:renewals", "聘期与续聘", "recruitment.view_wish"),
    ("recruitment:former_imports", "原专家团", "recruitment.view_formerimport"),
    ("admin:experts_appointment_changelist", "专家与聘书", "experts.view_appointment"),
    ("this_year", "年度报告", "experts.view_appointment"),
    ("accountchanges", "账号变更", "expertteam.view_accountchange"),
    ("records", "记录", ""),
]
COUNTS: dict[str, Callable] = {}  # url name -> what waits there for this user; apps enter theirs in registers.py


def site(request):
    """The context processor; ``nav``, ``tabs`` and ``staff_nav`` are worked out only where a page prints them."""
    context = {
        "site": settings.SITE,
        "large": request.COOKIES.get("size") == "large",
        "nav": partial(links, request, NAV),
        "tabs": partial(links, request, TABS),
        "audiences": partial(audiences, request),
        "staff_nav": partial(staff_nav, request),
        "help": partial(manual.explaining, request.path),
    }
    if settings.DEMO:
        context["demo"] = {"now": clock.now()}
    return context


def links(request, entries):
    """Each entry with its address in place of the name, and whether the reader is in that section."""
    for name, *rest in entries:
        url = reverse(name)
        yield url, *rest, stands_in(request, url)


def staff_nav(request):
    """The side menu as far as the reader may go: address, label, how many things wait there, whether he is there."""
    entries = [
        (name, label) for name, label, permission in STAFF_NAV if not permission or may(request.user, permission)
    ]
    urls = {name: reverse(name) for name, _ in entries}
    within = [url for name, url in urls.items() if name != "admin:index" and stands_in(request, url)]
    here = max(within, key=len, default=request.path)  # of a section within another the inner one
    for name, label in entries:
        url = urls[name]
        yield url, label, COUNTS[name](request.user) if name in COUNTS else 0, url == here


def audiences(request):
    """The three doors of the house: address, name, short name, whether the reader came through it."""
    desk, office = reverse("experts:desk"), reverse("admin:index")
    door = next((url for url in (desk, office) if stands_in(request, url)), "")
    yield reverse("home"), "我要创业", "公众", not door
    yield desk, "我是专家", "专家", door == desk
    yield office, "工作人员", "工作", door == office


def stands_in(request, url):
    """Whether the page lies under this address; the home page holds only itself."""
    return request.path == url if url == "/" else request.path.startswith(url)
