"""The directory inside a page of another site (Article 10): plain HTML in a frame, without script and cookies."""

import functools

from csp.decorators import csp_replace
from django.shortcuts import render
from django.views.decorators.http import require_safe

from experts.directory import Search
from experts.forms import DirectoryForm
from experts.models import Partner
from experts.views.directory import FewPages, leave_out
from expertteam import clock

A_PAGE = 20


def framed(view):
    """A page that the partners' own sites, and no others, may show in a frame."""

    @functools.wraps(view)
    def page(request, *args, **kwargs):
        origins = Partner.objects.origins()
        response = csp_replace({"frame-ancestors": origins or ["'none'"]})(view)(request, *args, **kwargs)
        response.xframe_options_exempt = bool(origins)  # X-Frame-Options can name no sites
        return response

    return page


@require_safe
def experts(request):
    """Everybody on the list today who meets what the address asks for; what it asks wrongly is left out."""
    form = DirectoryForm(request.GET)
    form.is_valid()
    search = Search(form.cleaned_data, clock.today())
    page = FewPages(search.found(), A_PAGE).get_page(request.GET.get("page"))
    shown = search.roll.experts(list(page.object_list))
    said = {"page_obj": page, "experts": shown.values(), "chosen": form.chosen(), "query": leave_out(form.chosen())}
    return render(request, "experts/embed.html", said)
