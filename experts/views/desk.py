"""The expert's desk."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from experts import certificates, rules
from experts.actions import SECRECY
from experts.desk import sections
from experts.models import Expert, PublicField
from expertteam import clock, consents
from expertteam.models import Consent, Notification

MESSAGES = 20


@login_required
@require_safe
def desk(request):
    """An expert's own matters; anybody else is told where to apply."""
    unread = Notification.objects.inbox(request.user).filter(read_at=None)
    own = Expert.objects.filter(user=request.user).select_related("user").prefetch_related("specialities").first()
    if own is None:
        return render(request, "experts/desk_stranger.html", {"unread": unread[:MESSAGES]})
    known = situation(own, clock.today())
    if known["terms"] and not known["pledged"]:
        return redirect("experts:pledge")
    parts = sections(own, request)
    unread = unread.exclude(url__in=[url for part in parts for url in part.shows])[:MESSAGES]
    context = {"unread": unread, "expert": own, "sections": parts, "to_do": any(part.said for part in parts)}
    return render(request, "experts/desk.html", context | known)


def situation(own, today):
    """The expert's terms with what each is worth today, the present one first, and what he signed."""
    terms = [(term, term.status(today)) for term in own.appointments.all()]
    terms.sort(key=lambda entry: entry[1] != rules.Status.VALID)
    signed = Consent.objects.filter(user=own.user_id, withdrawn_at=None)
    term, status = terms[0] if terms else (None, None)
    return {
        "surname": certificates.surname(own.user.name),
        "now": clock.local(clock.now()),
        "terms": terms,
        "term": term,
        "status": status,
        "days_left": term and (term.last_day - today).days,
        "outlives": term and status != rules.Status.ENDED and rules.outlives_measures(term.last_day),
        "shown": [(field.label, own.shows(field)) for field in PublicField],
        "signed": [(consents.words_of(consent), consent) for consent in signed],
        "pledged": any(consent.kind == SECRECY for consent in signed),
        "consented": any(consent.kind == "public_directory" for consent in signed),
        "directory_text": consents.TEXTS["public_directory"],
    }


@login_required
@require_POST
def join_directory(request):
    """Give the consent to the public directory; the very next page shows it."""
    own = get_object_or_404(Expert, user=request.user)
    consents.sign(own.user, "public_directory")
    messages.success(request, "已同意公开，在聘期间名录里会显示您")
    return redirect("experts:desk")


@login_required
@require_POST
def leave_directory(request):
    """Take the consent back; the very next page keeps to it."""
    own = get_object_or_404(Expert, user=request.user)
    consents.withdraw(own.user, "public_directory")
    messages.success(request, "已撤回，名录里不再显示您")
    return redirect("experts:desk")


@login_required
@require_POST
def mark_read(request):
    """Only the messages that were on the page, so that one which came in between is not missed."""
    seen = [number for number in request.POST.getlist("message") if number.isdecimal() and len(number) < 19]
    Notification.objects.inbox(request.user).filter(pk__in=seen, read_at=None).update(read_at=clock.now())
    return redirect("experts:desk")
