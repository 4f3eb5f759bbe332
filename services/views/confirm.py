"""The client's word on a service, by the link in his SMS (Articles 9 and 10(1))."""

from django.shortcuts import redirect

from expertteam.regulation import Refused
from expertteam.workflow import LINK
from services import actions
from services.forms.booking import OnceForm
from services.forms.my import QueryForm
from services.models import Link, Service
from services.views.held import HeldAct

OPEN = [Service.State.LOGGED, Service.State.UNANSWERED]


class Confirm(HeldAct):
    """When, who, how, how long, about what, never what was written down; right or not right, said once."""

    template_name = "services/confirm/confirm.html"
    purpose = Link.Purpose.CONFIRM
    back = "services:confirm"

    @property
    def is_right(self) -> bool:
        return self.request.POST.get("say") == "right"

    def elsewhere(self):
        """Once it has been said, the same page tells what was said."""
        if self.request.method == "POST" and self.record.state not in OPEN:
            return redirect(self.back, self.kwargs["token"])
        return None

    def get_form_class(self):
        """To say that it is right takes no more words."""
        return OnceForm if self.request.method == "POST" and self.is_right else QueryForm

    def act(self, **said):
        """Whoever is signed in as the expert says nothing for his client, though he holds the link."""
        if self.record.expert.user_id == self.request.user.pk:
            raise Refused("不能确认自己的服务", "10(1)")
        if self.is_right:
            actions.confirm(self.record, by=LINK)
        else:
            actions.query(self.record, by=LINK, **said)

    def get_context_data(self, **kwargs):
        service = self.record
        return super().get_context_data(
            service=service, topics=service.topic_labels, open=service.state in OPEN, **kwargs
        )
