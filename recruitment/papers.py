"""What selection puts on paper: 报名表, 选聘申请汇总表, and the list that goes with a notice (Articles 6 and 11)."""

from expertteam import clock
from expertteam.consents import TEXTS
from expertteam.documents import Block, in_chinese, paper
from expertteam.identifiers import born_on
from expertteam.regulation import named
from expertteam.templatetags.terrace import long_day, mask_id, mask_phone, months
from recruitment import progress
from recruitment.models import Application, Notice, Round

SIGNED, SEALED = "\n　　　　　　　　　年　　月　　日", "\n\n（盖章）　　　　　年　　月　　日"
NOT_ASKED = ["民族", "政治面貌", "学历学位", "毕业院校及专业", "通讯地址", "现任其他专家库"]  # only on paper
SUMMARY = ("序号", "姓名", "单位及职务", "职称", "申报类别", "从业年限", "擅长", "初审意见", "状态", "评审意见")
PUBLIC = ("序号", "姓名", "工作单位及职务", "推荐类别", "擅长")


def application_form(application: Application) -> bytes:
    """报名表: everything entered, numbers masked, lines for those who sign; of the day when it was handed in."""
    at = application.submitted_at
    blocks = [person(application), work(application), periods(application), cases(application)]
    blocks += [enclosed(application), pledges(application), opinions(application)]
    title = "创业就业指导专家团专家报名表"
    return paper(title, application.number, blocks, clock.local(at).date() if at else clock.today(), closing=False)


def person(application: Application) -> Block:
    applicant = application.applicant
    rows = [
        ["姓名", applicant.name],
        *born(applicant),
        ["证件", " ".join(filter(None, [applicant.get_id_kind_display(), mask_id(applicant.id_number)]))],
        ["手机号", mask_phone(applicant.phone)],
        ["邮箱", applicant.email],
        ["所在区县", application.get_district_display()],
        *([name, ""] for name in NOT_ASKED),
    ]
    return Block("facts", rows, f"本人（{application.round}）")


def born(applicant) -> list[list[str]]:
    """Sex and month of birth, where the number of the paper says so (GB 11643)."""
    if applicant.id_kind not in ("resident_id", "residence_permit") or not applicant.id_number:
        return [["性别", ""], ["出生年月", ""]]
    day = born_on(applicant.id_number)
    sex = "男" if int(applicant.id_number[16]) % 2 else "女"
    return [["性别", sex], ["出生年月", f"{day.year}年{day.month}月"]]


def work(application: Application) -> Block:
    entry = application.category_entry
    rows = [
        ["申报类别", f"{named(entry.article)}：{entry.name}" if entry else ""],
        ["专业方向", application.get_profession_display()],
        ["大赛奖项", application.award],
        ["工作单位", application.employer],
        ["统一社会信用代码", application.employer_code],
        ["职务", application.position],
        ["职称", "，".join(filter(None, [application.get_title_level_display(), application.title]))],
        ["职称系列", application.get_title_series_display()],
        ["擅长领域", "、".join(application.topic_labels)],
        ["服务方式", "可以上门指导" if application.visits else "约定地点见面"],
        ["一句话介绍", application.line],
        ["个人经历", application.biography],
    ]
    return Block("facts", [row for row in rows if row[1]], "工作和专业")


def periods(application: Application) -> Block:
    rows = [
        [
            f"{each.first:%Y-%m}至{f'{each.last:%Y-%m}' if each.last else '今'}",
            each.employer,
            each.position,
            marks(each),
        ]
        for each in application.periods.all()
    ]
    total = f"工作经历（合并重叠后共{months(progress.months_served(application))}）"
    return Block("table", rows, total, ("起止", "单位", "职务或工作内容", "说明"), (2.2, 3, 3, 2))


def marks(each) -> str:
    return "，".join(filter(None, [each.in_field and "直接相关", each.managed and "创办或管理"]))


def cases(application: Application) -> Block:
    rows = [[each.client, str(each.year), each.story] for each in application.success_cases.all()]
    return Block("table", rows, "成功案例", ("创业者或企业", "年份", "做了什么，结果怎样"), (2.4, 1, 5))


def enclosed(application: Application) -> Block:
    """The evidence that counts, and how it was found."""
    current = [each for each in application.documents.all() if each.replaced_at is None]
    return Block(
        "table", [[each.label, each.get_state_display()] for each in current], "所附材料", ("材料", "核验"), (4, 1)
    )


def pledges(application: Application) -> Block:
    given = [each for each in application.applicant.consents.all() if each.withdrawn_at is None]
    words = [f"{TEXTS[each.kind].title}（第{each.version}版，{long_day(each.given_at)}签署）" for each in given]
    return Block("text", words, "承诺和同意")


def opinions(application: Application) -> Block:
    rows = [["本人签名", SIGNED], *([who, SEALED] for who in ("推荐单位意见", "初审推荐意见", "审核意见"))]
    return Block("facts", rows, "签署")


def round_summary(round: Round, user) -> bytes:
    """选聘申请汇总表: whoever applied in this round, as far as this reader sees them, for the review meeting."""
    seen = Application.objects.visible_to(user).filter(round=round).exclude(state__in=["draft", "withdrawn"])
    found = seen.select_related("applicant").prefetch_related("periods").order_by("category", "pk")
    rows = [summed_up(place, each) for place, each in enumerate(found, 1)]
    known = [
        ["批次", round.name],
        ["报名", f"{long_day(round.opens_on)}至{long_day(round.closes_on)}，计划{round.places or '若干'}人"],
        ["人数", f"{len(rows)}人"],
    ]
    signed = [[who, ""] for who in ("制表", "复核", "评审组组长", "日期")]
    blocks = [
        Block("facts", known),
        Block("table", rows, "申请人", SUMMARY, (5, 8, 17, 9, 13, 9, 13, 13, 7, 9)),
        Block("signatures", signed, "签字"),
    ]
    return paper("选聘申请汇总表", round.name, blocks, clock.today(), flipped=True)


def summed_up(place: int, each: Application) -> list[str]:
    title = each.title or each.get_title_level_display()
    served = months(progress.months_served(each)) if each.periods.all() else "未填"
    return [
        str(place), each.applicant.name, f"{each.employer}{each.position}", title, each.get_category_display(), served,
        "、".join(each.topic_labels), each.opinion, each.get_state_display(), "",
    ]  # fmt: skip


def notice_list(notice: Notice) -> bytes:
    """公示附件: the people on the notice with what the notice makes public of them, and nothing else."""
    people = [
        [str(each.position), each.name, each.employer, each.category, each.topics] for each in notice.candidates.all()
    ]
    blocks = [
        Block("facts", published(notice)),
        Block("table", people, f"名单（{len(people)}人）", PUBLIC, (1.3, 2, 5, 4, 4)),
    ]
    on = clock.local(notice.released_at).date() if notice.released_at else clock.today()
    return paper("拟聘任人选名单", f"附件：{notice.title}", blocks, on)


def published(notice: Notice) -> list[list[str]]:
    if not notice.begins_at:
        return [["公示期", "未发布"]]
    runs = f"{long_day(notice.begins_at)}至{in_chinese(clock.local(notice.ends_at).date())}{notice.end_hour}:00"
    rows = [["公示期", f"{runs}（{notice.days}个工作日）{'，暂定' if notice.provisional else ''}"]]
    if notice.state == Notice.State.ANNULLED:
        rows.append(["状态", "已撤销，名单不再有效"])
    return [*rows, ["名单指纹", notice.digest]]
