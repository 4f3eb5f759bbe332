"""The public directory and the page of an expert."""

from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe
from django.views.generic import ListView

from experts import distinctions, openings, standing_figures
from experts.cards import Card, alike, printed, with_openings
from experts.directory import Search, advising_in
from experts.forms import DirectoryForm
from experts.models import Expert
from expertteam import clock
from expertteam.models import Consent

PAGES = 50  # whoever needs more than these asks more precisely
SIMILAR = 3
DAYS = 3  # with their times, at once


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
        asked = chosen + self.form.order()
        hits = [words for name, _, words in chosen if name == "topic"]
        context |= {
            "cards": self.cards(context["object_list"], hits),
            "form": self.form,
            "offers": self.form.offers(counts),
            "visiting": counts["visit"].get(True, 0),
            "chips": [(words, leave_out(asked, name, value)) for name, value, words in chosen],
            "orders": self.orders(chosen),
            "words": self.search.words,
            "total": len(self.search.roll.people),
        }
        return context if context["object_list"] else context | {"way_out": self.way_out(asked)}

    def cards(self, places, chosen):
        """The people of this page; a card with nothing to mark in it is kept for the next page that shows it."""
        roll, words = self.search.roll, self.search.words
        kept = {} if words or chosen else roll.cards
        missing = [place for place in places if place not in kept]
        told, rated = roll.told(missing), roll.rated(missing)
        for place, expert in roll.experts(missing).items() if missing else ():
            expert.card = Card(expert, words, chosen, told.get(place), rated[place])
            kept[place] = printed(expert)
        return [kept[place] for place in places]

    def orders(self, chosen):
        """The ways to sort this list: words, query string, whether it is sorted so; none while nobody tells of times."""
        now = self.form.cleaned_data.get("sort", "")
        offered = self.form.fields["sort"].choices if "sort" in self.form.fields else ()
        kept = {order: [*chosen, ("sort", order, "")] if order else chosen for order, _ in offered}
        return [(words, leave_out(kept[order]), order == now) for order, words in offered]

    def way_out(self, chosen):
        """Of an empty list: the filter that costs most, how many are found without it, the address without it."""
        dropped, count = self.search.best_removal()
        words = "、".join(words for name, _, words in chosen if name == dropped)
        return count and {"words": words, "count": count, "query": leave_out(chosen, dropped)}


def leave_out(chosen, name=None, value=None):
    """The query string without this filter, or without one value of it."""
    return urlencode([(n, v) for n, v, _ in chosen if n != name or value not in (None, v)])


@require_safe
def expert(request, no, template="experts/expert_detail.html"):
    """What the person agreed to show, as long as his term and his consent stand (Article 10)."""
    today = clock.today()
    listed = Expert.objects.listed(today).filter(no=no).first()
    if listed is None:
        return gone(request, no, today)
    opening = openings.told([listed.pk]).get(listed.pk)
    figures = standing_figures.told([listed.pk]).get(listed.pk)
    context = {"expert": listed, "term": listed.current[0], "opening": opening, "figures": figures}
    context["distinctions"] = distinctions.told(listed.pk)
    context["quotes"] = standing_figures.quotes(listed.pk) if figures else []
    return render(request, template, context | (times(listed, opening, request.GET.get("from", "")) if opening else {}))


def slots(request, no):
    """The times alone, to page through them."""
    return expert(request, no, "experts/expert_slots.html")


def times(expert, opening, asked):
    """The next days with a free time, from the day asked for; where to look further on, and back."""
    today = clock.today()
    first = max(day_from(asked) or today, today)
    days = openings.provider().days(expert, first) if opening.published and not opening.paused else []
    return {
        "days": days[:DAYS],
        "later": days[DAYS][0] if len(days) > DAYS else None,
        "first": first if first > today else None,
        "book": reverse(openings.provider().book),
        "others": alike(expert),
    }


def day_from(text):
    """A day as addresses write it; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def gone(request, no, on):
    """410 for who was on the team and is not shown any more; whoever took his consent back is not spoken of."""
    person = get_object_or_404(former(on), no=no)
    withheld = not Consent.objects.standing("public_directory").filter(user=person.user_id).exists()
    topics = list(person.specialities.values_list("topic", flat=True))
    similar = Expert.objects.listed(on).filter(advising_in(topics)).exclude(pk=person.pk)[:SIMILAR]
    return render(request, "410.html", {"withheld": withheld, "similar": with_openings(list(similar))}, status=410)


def former(on):
    """Whoever has been on the team by that day."""
    return Expert.objects.filter(appointments__first_day__lte=on).distinct()
