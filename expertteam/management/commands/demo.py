"""``manage.py demo --port 8000``: prepare the demo, print its accounts, serve it; run by ``make demo``."""

import fcntl
import logging
import os
import secrets
import socket
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import get_internal_wsgi_application

from expertteam import clock
from expertteam.demo_life import life
from expertteam.demo_life.accounts import NAMES, renew
from expertteam.models import ROLES, User
from recruitment.models import Application
from services.models import Service

FILE = "demo-accounts.txt"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is easily taken for another
FIRST_STEPS = """
先试试：
  约专家
  1. 不登录，在“找专家”里选一位专家和时间，填好提交；或点“说不清，请中心帮我匹配”
  2. 用 matcher 登录，在“今天”里匹配；专家的短信在“演示短信”里，点开链接就能接受
  3. 用 expert 登录，记一笔做完的服务；对方核对和评价的链接也在“演示短信”里
  4. 用 intake 登录，点“接电话”，同样的事从头到尾替打电话来的人办一遍
  选专家
  1. 用 client 登录，点“申请加入”，填一份报名并提交
  2. 用 intake 登录，在“今天”里核验材料、初审推荐；再用 reviewer 审核、发布公示
  3. 用页面顶部的“到公示结束”拨快时钟，再用 leader 聘任；新专家就在“找专家”里
  4. 不登录，在“找专家”里选个时间预约；用 matcher 匹配，用 expert 接受、记一笔；确认和评价的链接在“演示短信”里
  5. 用 intake 打开“电话服务台”，替来电的人办同样的事
  付报酬
  1. 用 auditor 登录，在“今天”里打开待复核的批次，先看要确认的几处，再复核通过所选
  2. 用 leader 登录，在“今天”里发放；再用 cashier 导出银行代发文件、导入银行回盘
  3. 用 expert 登录，打开“报酬”，每一笔怎么算的、扣了多少税都在里面
  有一份公示正在进行，其中一人被实名反映，等 inspector 核实、leader 认定

  手机验证码和短信看页面顶部的“演示短信”。按 Ctrl+C 停止；数据会保留，make demo-reset 重来
"""


class Command(BaseCommand):
    help = "准备演示数据并在本机启动演示（由 make demo 调用）"

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--accounts", type=Path, default=settings.BASE_DIR / FILE, help="账号和密码写在哪个文件")

    def handle(self, *, port, accounts, **options):
        if not settings.DEMO:
            raise CommandError("演示只能由 make demo 启动")
        if not free(port):
            raise CommandError(f"端口{port}已被占用，可能演示已经在运行。换一个端口：make demo PORT={port + 1}")
        with (settings.VAR / "demo.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CommandError("这里的演示已经在运行") from None
            settings.SITE_URL = f"http://127.0.0.1:{port}"  # before the past is made: its messages hold links
            self.prepare(accounts)
            self.tell(accounts, port)
            serve(port)

    def prepare(self, file: Path):
        """Tables, accounts and a past, each only if missing."""
        self.say("建立数据库……")
        call_command("migrate", verbosity=0)
        password = password_of(file)
        if not life.begun():
            self.say("按真实流程逐日生成演示数据（一两分钟）：")
            life.live(password or new_password(file), told=self.monthly())
        elif password is None:
            renew(new_password(file))

    def monthly(self):
        """Print one line when a month is over."""
        months = []

        def told():
            month = f"{clock.today():%Y-%m}"
            if months and months[-1] != month:
                counts = (
                    Application.objects.exclude(submitted_at=None).count(),
                    User.objects.exclude(expert=None).count(),
                    Service.objects.counted().count(),
                )
                self.say("  {}　收到报名{}份，聘任专家{}位，服务{}次".format(months[-1], *counts))
            if months[-1:] != [month]:
                months.append(month)

        return told

    def tell(self, file: Path, port: int):
        self.say(f"\n演示账号（也在 {file.name}）：\n")
        for line in file.read_text(encoding="utf8").splitlines():
            username, password, role = line.split()
            self.say(f"  {username:<10} {password}  {ROLES[role]}　{NAMES[username]}")
        self.say(f"{FIRST_STEPS}\n  打开 http://127.0.0.1:{port}/\n")

    def say(self, line):
        self.stdout.write(line)
        self.stdout.flush()


def free(port: int) -> bool:
    """Whether nobody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def password_of(file: Path) -> str | None:
    """The one password of all accounts, as kept beside ``manage.py``; None when it is not there."""
    return file.read_text(encoding="utf8").split()[1] if file.exists() else None


def new_password(file: Path) -> str:
    """A fresh random password, written down for the ten accounts where only their owner can read it."""
    password = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
    file.touch(mode=0o600)
    file.write_text("".join(f"{name} {password} {name}\n" for name in ROLES), encoding="utf8")
    return password


def serve(port: int):
    """Until interrupted; only what goes wrong is printed."""
    get_internal_wsgi_application()  # sets logging up, so it comes before what follows
    for chatty in ("django.server", "celery"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    os.environ["DJANGO_RUNSERVER_HIDE_WARNING"] = "true"
    call_command("runserver", f"127.0.0.1:{port}", use_reloader=False)
