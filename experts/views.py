"""The public directory, the check of a certificate, and the expert's desk."""

import io
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import get_template
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import ListView

from experts import certificates, rules
from experts.cards import Card
from experts.directory import Search, advising_in
from experts.forms import CertificateForm, DirectoryForm
from experts.models import Appointment, Expert, PublicField
from expertteam import clock, consents, documents
from expertteam.limits import limited
from expertteam.models import Consent, Notification

PAGES = 50  # whoever needs more than these asks more precisely
SIMILAR = 3
CHECKS_A_MINUTE = 30
MESSAGES = 20


class FewPages(Paginator):
    @cached_property
    def num_pages(self):
        return min(super().num_pages, PAGES)


class Directory(ListView):
    """Everybody on the list today who meets what the address asks for; what it asks wrongly is said and left out."""

    template_name = "experts/directory.html"
    paginate_by = 20
    paginator_class = FewPages

    def get_queryset(self):
        self.form = DirectoryForm(self.request.GET)
        self.form.is_valid()
        self.search = Search(self.form.cleaned_data, clock.today())
        return self.search.found()

    def paginate_queryset(self, queryset, page_size):
        page = self.get_paginator(queryset, page_size).get_page(self.request.GET.get("page"))
        return page.paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        chosen, counts = self.form.chosen(), self.search.counts()
        hits = [words for name, _, words in chosen if name == "topic"]
        context |= {
            "cards": self.cards(context["object_list"], hits),
            "form": self.form,
            "offers": self.form.offers(counts),
            "visiting": counts["visit"].get(True, 0),
            "chips": [(words, leave_out(chosen, name, value)) for name, value, words in chosen],
            "words": self.search.words,
            "total": len(self.search.roll.people),
        }
        return context if context["object_list"] else context | {"way_out": self.way_out(chosen)}

    def cards(self, places, chosen):
        """The people of this page; a card with nothing to mark in it is kept for the next page that shows it."""
        roll, words, template = self.search.roll, self.search.words, get_template("ui/expert-card.html")
        kept = {} if words or chosen else roll.cards
        missing = [place for place in places if place not in kept]
        for place, expert in roll.experts(missing).items() if missing else ():
            expert.card = Card(expert, words, chosen)
            kept[place] = template.render({"expert": expert, "site": settings.SITE})
        return [kept[place] for place in places]

    def way_out(self, chosen):
        """Of an empty list: the filter that costs most, how many are found without it, the address without it."""
        dropped, count = self.search.best_removal()
        words = "、".join(words for name, _, words in chosen if name == dropped)
        return count and {"words": words, "count": count, "query": leave_out(chosen, dropped)}


def leave_out(chosen, name, value=None):
    """The query string without this filter, or without one value of it."""
    return urlencode([(n, v) for n, v, _ in chosen if n != name or value not in (None, v)])


@require_safe
def expert(request, no):
    """What the person agreed to show, as long as his term and his consent stand (Article 10)."""
    today = clock.today()
    listed = Expert.objects.listed(today).filter(no=no).first()
    if listed is None:
        return gone(request, no, today)
    return render(request, "experts/expert_detail.html", {"expert": listed, "term": listed.current[0]})


def gone(request, no, on):
    """410 for who was on the team and is not shown any more; whoever took his consent back is not spoken of."""
    former = get_object_or_404(Expert.objects.filter(appointments__first_day__lte=on).distinct(), no=no)
    withheld = not Consent.objects.standing("public_directory").filter(user=former.user_id).exists()
    topics = list(former.specialities.values_list("topic", flat=True))
    similar = Expert.objects.listed(on).filter(advising_in(topics)).exclude(pk=former.pk)[:SIMILAR]
    return render(request, "410.html", {"withheld": withheld, "similar": similar}, status=410)


@require_safe
def verify(request):
    """The form; with a number, also its answer."""
    if "no" in request.GET:
        return verify_number(request)
    return render(request, "experts/verify.html", {"form": CertificateForm()})


@never_cache
@limited("verify", CHECKS_A_MINUTE)
def verify_number(request):
    """Who only knows a number learns the surname alone: numbers can be guessed."""
    form = CertificateForm(request.GET)
    if not form.is_valid():
        return render(request, "experts/verify.html", {"form": form}, status=422)
    number = certificates.canonical(form.cleaned_data["no"])
    term = Appointment.objects.filter(number=number).first()
    return render(request, "experts/verify.html", {"form": form} | finding(term, certificates.masked))


@require_safe
@never_cache
@limited("verify", CHECKS_A_MINUTE)
def verify_token(request, token):
    """Whoever holds the paper with the code sees the whole name; the address is told to nobody else."""
    term = Appointment.objects.filter(token=token).first()
    context = {"form": CertificateForm(), "by_code": True} | finding(term, str)
    response = render(request, "experts/verify.html", context, status=200 if term else 404)
    response["Referrer-Policy"], response["X-Robots-Tag"] = "no-referrer", "noindex"
    return response


def finding(term, written):
    """The answer at this moment; ``written`` makes of the name what may be shown of it."""
    if term is None:
        return {"missing": True}
    today = clock.today()
    return {
        "term": term,
        "name": written(term.name),
        "status": term.status(today),
        "checked_at": clock.now(),
        "listed": Expert.objects.listed(today).filter(pk=term.expert_id).first(),
    }


@login_required
@require_safe
def desk(request):
    """An expert's own matters; anybody else is told where to apply."""
    unread = Notification.objects.inbox(request.user).filter(read_at=None)[:MESSAGES]
    own = Expert.objects.filter(user=request.user).select_related("user").prefetch_related("specialities").first()
    if own is None:
        return render(request, "experts/desk_stranger.html", {"unread": unread})
    return render(request, "experts/desk.html", {"unread": unread, "expert": own} | situation(own, clock.today()))


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
        "signed": [(consents.TEXTS[consent.kind], consent) for consent in signed],
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


@login_required
@require_safe
def certificate(request, pk):
    """The certificate as PDF, for its holder and for staff; as a page where no font has all of the name."""
    term = get_object_or_404(Appointment.objects.visible_to(request.user), pk=pk)
    try:
        pdf = documents.certificate(certificates.facts(term))
    except documents.MissingGlyph:
        return redirect("experts:certificate_page", pk)
    return FileResponse(io.BytesIO(pdf), as_attachment=True, filename=f"聘书 {term.number}.pdf")


@login_required
@require_safe
def certificate_page(request, pk):
    """The same paper as a page to print, in the reader's own fonts."""
    term = get_object_or_404(Appointment.objects.visible_to(request.user), pk=pk)
    facts = certificates.facts(term)
    context = {"facts": facts, "term": term, "qr": documents.qr_svg(facts.verify_url)}
    return render(request, "experts/certificate.html", context)
