"""``manage.py create_staff NAME --role admin``: the first accounts of a new installation."""

import sys
from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from expertteam.accounts import as_phone
from expertteam.actions import install
from expertteam.models import RoleGrant, User

FIRST = ["admin", "inspector"]


class Command(BaseCommand):
    help = "Create the first administrator or inspector; reads the password from the terminal or from stdin."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--role", required=True, choices=FIRST)
        parser.add_argument("--name", default="", help="the person's name")

    def handle(self, username, role, name, **options):
        held = RoleGrant.objects.filter(state=RoleGrant.State.ACTIVE, user__is_active=True, role__in=FIRST)
        if set(held.values_list("role", flat=True)) == set(FIRST):
            raise CommandError("已有管理员和纪检：其余岗位请在系统里提出和确认")
        if as_phone(username) or User.objects.filter(username__iexact=username).exists():
            raise CommandError(f"用户名{username}已被使用，或是一个手机号")
        password = getpass("密码（至少12个字符）：") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            validate_password(password, User(username=username, name=name))
        except ValidationError as fault:
            raise CommandError("；".join(fault.messages)) from fault
        install(username, name=name, password=password, role=role)
        self.stdout.write(f"账号{username}已建立。首次登录后请设置两步验证。")
