"""The certificate as its holder takes it, and its check by anybody."""

import io

from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from experts import certificates
from experts.forms import CertificateForm
from experts.models import Appointment, Expert
from expertteam import clock, documents
from expertteam.limits import limited

CHECKS_A_MINUTE = 30


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
