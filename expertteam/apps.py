from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import autodiscover_modules

from expertteam import guards, roles


class ExpertTeamConfig(AppConfig):
    name = "expertteam"
    verbose_name = "系统"

    def ready(self):
        """Load every app's rules, moves and guards, so that the registries are whole from the start."""
        autodiscover_modules("rules", "actions", "guards", "registers", "checks")
        guards.guard_history()
        pre_migrate.connect(guards.take_down, sender=self)
        post_migrate.connect(guards.put_up, sender=self)
        post_migrate.connect(roles.sync, sender=self)
