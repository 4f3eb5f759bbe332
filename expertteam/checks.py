"""What Django's checks, web server and worker look for first: that a rehearsal is never opened as the real thing, and
that the settings of the real thing are fit for it.

``manage.py check --deploy --database default`` asks all of it.
"""

from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.utils.module_loading import import_string

from expertteam import clock

REHEARSED = "演练"  # the source of a holiday schedule that nobody has published, the reason of a life's first clock
NOBODYS = "0351-555 01"  # as the numbers in bureau.toml begin
WORDS = "这个数据库是演练出来的，只能在演示环境（DEMO=1）里打开；正式环境请换用自己的数据库（DATABASE_URL）"


@register(Tags.database)
def no_rehearsal_is_real(databases=None, **_):
    """An error for ``migrate`` and ``check --database``."""
    return [Error(WORDS, id="expertteam.E001")] if databases and opens_a_rehearsal() else []


def refuse_rehearsal():
    """Refuse to start on a rehearsal."""
    if opens_a_rehearsal():
        raise ImproperlyConfigured(WORDS)


def opens_a_rehearsal() -> bool:
    """Whether a life was begun here or a year goes by an invented schedule, and this is no demo.

    Of a database that cannot be read nothing is known.
    """
    if settings.DEMO:
        return False
    with suppress(DatabaseError):
        begun = apps.get_model("expertteam", "ClockMove").objects.filter(reason__startswith=REHEARSED)
        invented = apps.get_model("expertteam", "CalendarYear").objects.filter(source__contains=REHEARSED)
        return begun.exists() or invented.exists()
    return False


@register
def nothing_of_the_demo_is_real(**_):
    """The demo has no second factor and a clock that anybody on its staff moves; its keys lie beside it in clear."""
    found = []
    if settings.DEMO and connection.vendor == "postgresql":
        found.append(Error("演示（DEMO=1）只在它自己的 SQLite 数据库里运行，不接正式的数据库", id="expertteam.E002"))
    kept = settings.BASE_DIR / "demo.env"
    if not settings.DEMO and kept.exists() and settings.SECRET_KEY in kept.read_text(encoding="utf8"):
        found.append(Error("SECRET_KEY 是演示的密钥（demo.env），请另做一个", id="expertteam.E003"))
    return found


@register
def keys_fit(**_):
    """A key that encrypts nothing is found now and not at the first phone number."""
    for number, key in enumerate(settings.FIELD_KEYS, 1):
        try:
            Fernet(key)
        except ValueError:
            return [
                Error(
                    f"FIELD_KEYS 的第{number}个不是 Fernet 密钥（docs/operations.md 有生成的命令）",
                    id="expertteam.E004",
                )
            ]
    return []


@register(deploy=True)
def the_way_in_is_right(**_):
    """Over TLS, through as many proxies as are told of, under the name that the links carry."""
    site, found = urlsplit(settings.SITE_URL), []
    if site.scheme != "https":
        found.append(Error("SITE_URL 不是 https://，登录和手机号会明文传输", id="expertteam.E005"))
    elif not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        found.append(
            Error("SITE_URL 是 https://，TRUSTED_PROXIES 却是0：门户看不出哪些请求走了 TLS", id="expertteam.E006")
        )
    if "*" in settings.ALLOWED_HOSTS or site.hostname not in settings.ALLOWED_HOSTS:
        found.append(Error(f"ALLOWED_HOSTS 应当写明 {site.hostname}，不用 *", id="expertteam.E007"))
    return found


@register(deploy=True)
def messages_go_out(**_):
    """Without a gateway whatever is told to people stands in the log instead."""
    found = []
    if settings.SMS_BACKEND == "expertteam.notify.ConsoleSms":
        found.append(Warning("没有设置 SMS_BACKEND：短信只写进日志，发不出去", id="expertteam.W001"))
    elif not sends(settings.SMS_BACKEND):
        words = (
            f"SMS_BACKEND 写的 {settings.SMS_BACKEND} 找不到，或者没有 send：短信发不出去（PYTHONPATH 指明在哪里找）"
        )
        found.append(Error(words, id="expertteam.E010"))
    if not settings.EMAIL_HOST:
        found.append(Warning("没有设置 EMAIL_HOST：邮件只写进日志，发不出去", id="expertteam.W002"))
    if not settings.REDIS_URL:
        found.append(Warning("没有设置 REDIS_URL：没有后台进程，短信和邮件要等在页面里发完", id="expertteam.W003"))
    if not settings.BACKUP_RECIPIENTS:
        found.append(Warning("没有设置 BACKUP_RECIPIENTS：备份不加密", id="expertteam.W004"))
    return found


def sends(path: str) -> bool:
    """Whether a class of this dotted path can be found and has a ``send``."""
    with suppress(ImportError):
        return callable(getattr(import_string(path), "send", None))
    return False


@register(deploy=True)
def the_bureau_is_itself(**_):
    """The numbers that come with the portal are nobody's, and every page and SMS tells people to call them."""
    told = [settings.SITE[name] for name in ("phone", "supervise_phone")]
    if any(number.startswith(NOBODYS) for number in told):
        words = "网页、短信上的服务电话或监督电话还是示例的号码，打不通：请在 BUREAU_FILE 里写单位自己的"
        return [Warning(words, id="expertteam.W007")]
    return []


@register(Tags.database, deploy=True)
def the_days_ahead_are_known(databases=None, **_):
    """Deadlines that begin in the next 60 days may end in the year after; without its schedule they are provisional."""
    if not databases:
        return []
    last = clock.today() + timedelta(days=60)
    years = {clock.today().year, last.year}
    known = apps.get_model("expertteam", "CalendarYear").objects.filter(year__in=years).values_list("year", flat=True)
    return [
        Warning(f"{year}年的放假安排还没有录入，今后60天里的期限只能暂定", id="expertteam.W005")
        for year in sorted(years - set(known))
    ]


@register(Tags.database, deploy=True)
def postgresql_keeps_what_it_acknowledged(databases=None, **_):
    """As documented for PostgreSQL: each of them off loses commits when the machine loses power.  A superuser passes every guard."""
    if not databases or connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'"
        )
        found = [
            Error(f"PostgreSQL 的 {name} 是 off，断电会丢失已经确认的数据", id="expertteam.E008") for (name,) in cursor
        ]
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            found.append(Error("门户用的是数据库的超级用户，请换成只拥有自己数据库的角色", id="expertteam.E009"))
    return found


@register(Tags.database, deploy=True)
def postgresql_has_an_archive(databases=None, **_):
    """Without its log in an archive what was committed since the last hourly backup goes with the machine."""
    if not databases or connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SHOW archive_mode")
        if cursor.fetchone()[0] != "off":
            return []
    words = "PostgreSQL 没有归档日志（archive_mode 是 off）：机器损坏时最多丢一小时的数据（docs/operations.md 有归档的做法）"
    return [Warning(words, id="expertteam.W006")]
