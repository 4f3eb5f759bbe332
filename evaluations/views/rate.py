"""The client's word, by the link in his SMS (Article 10(1))."""

from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from evaluations import actions, figures, rules
from evaluations.forms.office import number
from evaluations.forms.rate import GradeForm, RatingForm
from evaluations.models import Rating
from expertteam import clock
from expertteam.fields import blind
from expertteam.limits import limited, network
from expertteam.workflow import LINK
from services.models import Link
from services.views.held import HeldAct

A_MINUTE = 20  # of one network: a tablet at the counter is passed on
SAID = ["grade", "good", "wrong", "text", "may_publish"]


@method_decorator(limited("rate", A_MINUTE), "post")
@method_decorator(sensitive_post_parameters("text"), "dispatch")
class RatingPage(HeldAct):
    """Finds the rating behind the link; what is said here comes from its client and from nobody in office."""

    purpose = Link.Purpose.RATE
    back = "evaluations:rate"
    template_name = "evaluations/rate.html"
    form_class = RatingForm

    def held(self, token):
        """The rating of the service that the link leads to."""
        service = super().held(token)
        return (
            service
            and Rating.objects.filter(service=service)
            .select_related("service__expert__user", "service__request", "expert__user", "case")
            .first()
        )

    @property
    def reader(self):
        return self.request.user if self.request.user.is_authenticated else None

    def get_context_data(self, **kwargs):
        rating = self.record
        return super().get_context_data(
            rating=rating,
            service=rating.service,
            mode=self.mode,
            call_days=number("poor_call_days"),
            change_hours=number("rating_change_hours"),
            quoted_as=f"{figures.who(rating.service)}，{figures.month(clock.now())}",
            **kwargs,
        )


class Rate(RatingPage):
    """Once; afterwards the page tells what was said, and asks again only when something has been mended."""

    makes = (actions.give, actions.follow_up)

    @property
    def mode(self) -> str:
        """``ask``, ``late``, ``follow_up`` or ``said``."""
        if self.record.state == Rating.State.OPEN:
            return "ask" if rules.may_rate(self.record.until, clock.now()) else "late"
        return "follow_up" if actions.open_follow_up(self.record) else "said"

    def elsewhere(self):
        """A second tap, or one that comes too late, is answered with how it stands."""
        if self.request.method == "POST" and self.mode in ("late", "said"):
            return redirect(self.back, self.kwargs["token"])
        return None

    def get_form_class(self):
        return GradeForm if self.mode == "follow_up" else RatingForm

    def act(self, **said):
        if self.mode == "follow_up":
            actions.follow_up(self.record.case, by=LINK, reader=self.reader, **said)
        else:
            actions.give(self.record, by=LINK, reader=self.reader, **traces(self.request), **said)

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_revise=actions.may_be_revised(self.record), **kwargs)


class Revise(RatingPage):
    """The one change, within its time."""

    mode = "revise"
    makes = (actions.revise,)

    def elsewhere(self):
        if not actions.may_be_revised(self.record):
            return redirect(self.back, self.kwargs["token"])
        return None

    def get_initial(self):
        return {name: getattr(self.record, name) for name in SAID}

    def act(self, **said):
        actions.revise(self.record, by=LINK, reader=self.reader, **said)


def traces(request) -> dict[str, str]:
    """Fingerprints of network and device, to see when several ratings come out of one; neither is kept itself."""
    device = "\n".join(request.headers.get(name, "") for name in ("User-Agent", "Accept-Language"))
    return {"network": blind(network(request), "rating"), "device": blind(device, "device")}
