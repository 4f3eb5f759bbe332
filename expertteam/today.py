"""What a signed-in person sees first."""

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from recruitment.today import queue


@login_required
@require_safe
def after_sign_in(request):
    """Each person to his own desk."""
    if request.user.is_staff:
        return redirect("admin:index")
    return redirect("experts:desk" if hasattr(request.user, "expert") else "recruitment:apply")


@admin.site.admin_view
@require_safe
def today(request):
    """今天: everything that waits for this person, late first."""
    return render(request, "today.html", {"queue": queue(request.user)})


@admin.site.admin_view
@require_safe
def records(request):
    """The stock list of records that this person may look at."""
    return admin.site.index(request, {"title": "记录"})
