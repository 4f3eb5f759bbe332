"""What everybody does on the web, and where a clerk does the same for whoever calls or comes by (Article 10(3)).

The floors above enter theirs in ``registers.py``; a test walks every door and misses none.
"""

TWINS: dict[str, tuple[str, ...]] = {  # url name of the public act -> those of the clerk
    "services:book": ("services:phone_ask",),
    "services:lookup": ("services:phone",),
    "services:change": ("services:phone_change",),
    "services:cancel": ("services:phone_cancel",),
    "services:absent": ("services:phone_absent",),
    "services:confirm": ("services:phone_confirm", "services:phone_query"),
    "services:event": ("services:phone_sign_up",),
    "services:cancel_sign_up": ("services:phone_give_up",),
    "services:check_in": ("services:mark_present",),
}
BY_HIMSELF = "接受和推辞由专家本人决定（第十四条），来不了的打电话，由中心另找"
OWN = {  # what nobody does for another, and why
    "services:task_link": BY_HIMSELF,
    "services:task_link_decline": BY_HIMSELF,
    "services:task_link_take_back": BY_HIMSELF,
    "services:witness": "见证人的随机数只在他自己手里，代办就不成见证（第十条第四项）",
}
CHANNEL_ONLY = {"key", "homepage", "code", "gone"}  # of the public form: against robots and double taps
CLERK_ONLY = {"call_note", "note", "channel", "relation", "asked_by"}  # of the clerk's form: who is on the line
ANSWERED = {  # what the clerk need not ask, because the page he is on says it
    "services:lookup": {"number"},
    "services:check_in": {"phone"},
}
