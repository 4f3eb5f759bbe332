"""The kinds of activity that are priced, and which kind of income each is (Articles 8 and 13)."""

from expertteam.regulation import article

REVIEW = "review"
CONSULTING = "consulting"
GUIDANCE = "guidance"
PAIRING = "pairing"
VISIT = "visit"
LECTURE = "lecture"
SALON = "salon"
TRAINING = "training"
CONTEST = "contest"
POLICY = "policy"
SURVEY = "survey"
FOLLOWING = "following"
TECHNICAL = "technical"
OTHER = "other"

GUIDING = (CONSULTING, GUIDANCE, PAIRING, VISIT, LECTURE, SALON, TRAINING, CONTEST, POLICY, SURVEY)
GUIDING += (FOLLOWING, TECHNICAL, OTHER)
SCOPES = {"review": (REVIEW,), "guidance": GUIDING}  # 晋财购〔2021〕24号 and 并人社发〔2024〕39号

AT_AN_ACTIVITY = {LECTURE, SALON, TRAINING, CONTEST, POLICY, SURVEY, OTHER}
OF_A_SERVICE = {"consulting": CONSULTING, "guidance": GUIDANCE, "technical": TECHNICAL}
OF_A_SERVICE |= {"review": REVIEW, "activity": OTHER, "other": OTHER}
TEACHING = {LECTURE, TRAINING, POLICY}
GATHERINGS = AT_AN_ACTIVITY | {REVIEW}  # where people sign in


@article("13")
def kind_of(
    service_kind: str, *, mode: str = "", activity: str = "", paired: bool = False, seated: bool = False
) -> str:
    """创业指导咨询服务等活动，给予一定的补贴

    What it is priced as: a seat on a panel before all else, then what took place at an activity, then
    a pairing, then a visit, and only then the item of Article 8 that was asked for.

    ``ValueError`` for a service or an activity of an unknown kind.
    """
    if service_kind not in OF_A_SERVICE:
        raise ValueError(f"unknown kind of service {service_kind!r}")
    if activity and activity not in AT_AN_ACTIVITY:
        raise ValueError(f"unknown kind of activity {activity!r}")
    if seated:
        return REVIEW
    return activity or (PAIRING if paired else VISIT if mode == "visit" else OF_A_SERVICE[service_kind])


@article("13")
def income_of(kind: str) -> str:
    """创业指导咨询服务等活动，给予一定的补贴

    The items of 劳务报酬 that the tax law names are taxed apart: 讲学 (``lecturing``) is one 次 a month,
    all else is 咨询 (``consulting``), reviews included, and together another.

    ``ValueError`` for an unknown kind.
    """
    if kind not in (REVIEW, *GUIDING):
        raise ValueError(f"unknown kind {kind!r}")
    return "lecturing" if kind in TEACHING else "consulting"
