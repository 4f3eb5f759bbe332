"""What a register shows of records that not everybody may see."""

from django.contrib import admin
from django.utils.html import format_html


class VisibleMixin:
    """One sees here what one may see on the working pages."""

    def get_queryset(self, request):
        return self.model.objects.visible_to(request.user).select_related(*self.list_select_related)

    def has_view_permission(self, request, obj=None):
        """The history pages look a record up past ``get_queryset``, so they are asked here."""
        visible = obj is None or self.model.objects.visible_to(request.user).filter(pk=obj.pk).exists()
        return visible and super().has_view_permission(request, obj)

    @admin.display(description="办理")
    def work(self, record):
        return format_html('<a href="{}">去办理<span class="visually-hidden">{}</span></a>', self.page(record), record)

    def page(self, record) -> str:
        return record.get_absolute_url()
