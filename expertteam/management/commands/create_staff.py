"""``manage.py create_staff NAME --role admin``: the first accounts of a new installation."""

import sys
from datetime import timedelta
from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from expertteam import enrolment
from expertteam.accounts import as_phone
from expertteam.actions import install
from expertteam.models import RoleGrant, User

FIRST = ["admin", "inspector"]
LASTS = timedelta(hours=24)


class Command(BaseCommand):
    help = "Create the first administrator or inspector; reads the password from the terminal or from stdin."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--role", required=True, choices=FIRST)
        parser.add_argument("--name", default="", help="the person's name")

    def handle(self, username, role, name, **options):
        held = RoleGrant.objects.filter(state=RoleGrant.State.ACTIVE, user__is_active=True, role__in=FIRST)
        ready = {grant.role for grant in held.select_related("user") if enrolment.has_factor(grant.user)}
        waiting = held.filter(user__username=username, role=role).first()
        if waiting and not enrolment.has_factor(waiting.user) and ready != set(FIRST):
            return self.tell_code(waiting.user)  # until there is one of each who can give codes in the portal
        if set(held.values_list("role", flat=True)) == set(FIRST):
            raise CommandError("已有管理员和纪检：其余岗位和开通码请在系统里办")
        if as_phone(username) or User.objects.filter(username__iexact=username).exists():
            raise CommandError(f"用户名{username}已被使用，或是一个手机号")
        password = typed_twice() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            validate_password(password, User(username=username, name=name))
        except ValidationError as fault:
            raise CommandError("；".join(fault.messages)) from fault
        user = install(username, name=name, password=password, role=role)
        return self.tell_code(user)

    @transaction.atomic
    def tell_code(self, user):
        """Nobody is there yet who could give it in person."""
        code = enrolment.issue(user.pk, LASTS)
        self.stdout.write(f"账号{user.username}：登录后用开通码{code}设置两步验证，24小时内有效。")


def typed_twice() -> str:
    """Nobody sees what he types, and a slip in the first account's password shuts everybody out."""
    password = getpass("密码（至少12个字符）：")
    if getpass("再输一遍密码：") != password:
        raise CommandError("两遍密码不一样，没有建立账号，请重来")
    return password
