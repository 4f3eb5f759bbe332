"""What left the house."""

from django.conf import settings
from django.db import models

from expertteam import clock
from expertteam.fields import EncryptedText


class ListExport(models.Model):
    """A list that was taken out as Excel: which, how narrowed, how many rows, what for; added, never changed."""

    title = models.CharField("名单", max_length=30)
    address = models.CharField("页面", max_length=200)
    filters = EncryptedText("筛选", blank=True, default="")  # a person may have been searched for
    rows = models.PositiveIntegerField("行数")
    digest = models.CharField("SHA-256", max_length=64)
    reason = models.CharField("事由", max_length=100)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导出人")
    at = models.DateTimeField("导出时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "名单导出"
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.title}（{self.by}）"
