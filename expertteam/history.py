"""History rows that carry the clock's time, so that a moved clock leaves a coherent past."""

from functools import cache

from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from expertteam import clock


class Manager(HistoryManager):
    """The class that ``record.history`` is of: made once, where simple-history makes one at every look."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class, class_name=None):
        return super().from_queryset(queryset_class, class_name)


class History(HistoricalRecords):
    """django-simple-history, dated by ``expertteam.clock``; its rows can only be added to."""

    def __init__(self, *args, **options):
        super().__init__(*args, history_manager=Manager, **options)

    def create_historical_record(self, instance, history_type, using=None):
        """Who and why hold for one save: a later one of the same object must not repeat them."""
        instance._history_date = clock.now()
        super().create_historical_record(instance, history_type, using=using)
        for said in ("_history_user", "_change_reason"):
            vars(instance).pop(said, None)

    def post_save(self, instance, created, using=None, **kwargs):
        """To sign in is no change of the person: Django then saves ``last_login`` alone."""
        if kwargs.get("update_fields") != frozenset({"last_login"}):
            super().post_save(instance, created, using=using, **kwargs)
