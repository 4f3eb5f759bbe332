"""``manage.py run_jobs``: every periodic job once, for a crontab where no worker runs."""

from django.core.management.base import BaseCommand

from expertteam.celery import refuse_to_start, run_due_jobs


class Command(BaseCommand):
    help = "逐个运行全部定时任务一次（没有 Celery 进程时用 cron 每分钟调用）"

    def handle(self, **options):
        refuse_to_start()
        run_due_jobs()
